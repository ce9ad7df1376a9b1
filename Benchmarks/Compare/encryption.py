"""What TLS costs: a certificate, who shows it, and handshakes, whole and resumed."""

import contextlib
import dataclasses
import os
import re
import subprocess
import time

import servers
from processes import LOAD_CORE



@dataclasses.dataclass
class Pair:
    """A certificate of 127.0.0.1 and its key, on the curve that everybody has. It signs itself, so it is the authority, too."""

    certificate: str
    key: str

    def web_configuration(self, place):
        lines = ["tls_server_config:", f"  cert_file: {self.certificate}", f"  key_file: {self.key}", "  min_version: TLS13"]
        return place.write("web.yml", "\n".join([*lines, ""]))

    def nginx_directives(self):
        files = f"ssl_certificate {self.certificate}; ssl_certificate_key {self.key};"
        return f"{files} ssl_protocols TLSv1.3; ssl_session_cache none; ssl_session_tickets on;"


def make_pair(place):
    pair = Pair(f"{place.directory}/server.pem", f"{place.directory}/server.key")
    command = [
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=server",
        "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", pair.key, "-out", pair.certificate,
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    # Servers that leave root behind want to read it.
    os.chmod(pair.key, 0o644)
    return pair


@contextlib.contextmanager
def agent_exporter(place, pair, agent_url):
    flags = [f"--web.config.file={pair.web_configuration(place)}"]
    with servers.agent_exporter(place, agent_url, *flags, scheme="https") as server:
        yield dataclasses.replace(server, name="agent-exporter, TLS", authority=pair.certificate)


def nginx(place, pair):
    texts = servers.nginx_texts(place)
    return servers.nginx(place, "nginx, return 200, TLS", f"{pair.nginx_directives()} {texts}", pair.certificate)


@dataclasses.dataclass
class Handshakes:
    """Connections that were made, asked one thing and closed, one after another."""

    server: str
    count: int
    resumed: int
    per_second: float
    # Of the server's processor time, for each connection.
    microseconds: float


def handshakes(server, path, seconds, resume):
    """By openssl's own client. An answer has to be read: a ticket comes with it."""
    address = server.url(False).split("/")[2]
    command = [
        "openssl", "s_time", "-connect", address, "-www", path, "-reuse" if resume else "-new", "-time", str(seconds),
    ]  # fmt: skip
    before, began = server.program.cpu_seconds, time.monotonic()
    finished = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=seconds + 30,
        preexec_fn=lambda: os.sched_setaffinity(0, {LOAD_CORE}),
    )
    taken, elapsed = server.program.cpu_seconds - before, time.monotonic() - began
    count, resumed = counted(finished.stdout)
    if not count:
        raise RuntimeError(f"openssl s_time {address}: {finished.stdout}{finished.stderr}")
    return Handshakes(server.name, count, resumed, count / elapsed, taken * 1e6 / count)


def counted(output):
    """How many connections openssl says that it has made, and how many of them it has resumed: it prints a letter for each."""
    found = re.search(r"^(\d+) connections in \d+ real seconds", output, re.MULTILINE)
    letters = "".join(re.findall(r"^[rt*]+$", output, re.MULTILINE))
    return int(found[1]) if found else 0, letters.count("r")
