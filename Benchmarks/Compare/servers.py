"""The servers that are compared, and how each is started."""

import contextlib
import dataclasses
import gzip
import os
import pathlib
import subprocess
import sys
from collections.abc import Callable

from load import ACCEPT
from processes import Program, fetch, free_port, running

# Of gunicorn.
WORKERS = 2

HERE = pathlib.Path(__file__).resolve().parent / "servers"


@dataclasses.dataclass
class Server:
    """A running server. Its address may differ by encoding: some cannot negotiate, and serve each body at a place of its own."""

    name: str
    program: Program
    url: Callable[[bool], str]
    # Who has signed its certificate; None without encryption.
    authority: str | None = None


class Workplace:
    """Where the bodies are that all servers without metrics of their own send, and what has been built for a comparison."""

    def __init__(self, directory, exporter):
        self.directory = pathlib.Path(directory)
        # Servers that leave root behind want to read it.
        self.directory.chmod(0o755)
        self.exporter = exporter
        self.plain, self.gzip = self.directory / "plain", self.directory / "gzip"

    def take_bodies(self, url):
        """What the exporter says now becomes what the others say, too."""
        self.plain.write_bytes(fetch(url, {"Accept": ACCEPT}))
        self.gzip.write_bytes(fetch(url, {"Accept": ACCEPT, "Accept-Encoding": "gzip"}))
        # Between the two, values have moved on.
        plain, unpacked = self.plain.read_bytes(), gzip.decompress(self.gzip.read_bytes())
        if b"\napp_version_info{" not in plain or abs(len(plain) - len(unpacked)) > 100:
            raise RuntimeError(f"the exporter says {len(plain)} bytes, and in gzip {len(unpacked)}: that is not the same")

    def build(self, name, *command):
        binary = self.directory / name
        environment = os.environ | {"GOCACHE": str(self.directory / "go-cache"), "GO111MODULE": "off"}
        subprocess.run([*command, "-o", binary, *HERE.glob(f"{name}.*")], check=True, env=environment)
        return binary

    def write(self, name, text):
        path = self.directory / name
        path.write_text(text)
        return path


@contextlib.contextmanager
def agent(exporter, *flags):
    """The simulated agent. Yields its address and the one that changes its behavior."""
    port, control = free_port(), free_port()
    command = [
        exporter, "simulate-agent", f"--simulate.listen-address=127.0.0.1:{port}",
        f"--simulate.control-address=127.0.0.1:{control}", *flags,
    ]  # fmt: skip
    url = f"http://127.0.0.1:{port}/actuator/info"
    with running(command, url):
        yield url, f"http://127.0.0.1:{control}/simulate"


@contextlib.contextmanager
def agent_exporter(place, agent_url, *flags, scheme="http"):
    port = free_port()
    url = f"{scheme}://127.0.0.1:{port}/metrics"
    command = [place.exporter, f"--agent.url={agent_url}", f"--web.listen-address=127.0.0.1:{port}", *flags]
    # Until it has asked its agent, most of its metrics are not there.
    with running(command, f"{scheme}://127.0.0.1:{port}/readyz") as program:
        yield Server("agent-exporter", program, lambda gzip: url)


@contextlib.contextmanager
def fetching_sidecar(place, agent_url):
    port = free_port()
    url = f"http://127.0.0.1:{port}/metrics"
    command = [
        sys.executable, "-m", "gunicorn", "--chdir", HERE, f"--workers={WORKERS}", f"--bind=127.0.0.1:{port}", "fetching_sidecar:app",
    ]  # fmt: skip
    with running(command, url, {"AGENT_URL": agent_url, "PYTHONDONTWRITEBYTECODE": "1"}) as program:
        yield Server("Flask sidecar", program, lambda gzip: url)


@contextlib.contextmanager
def floor(place):
    """Two programs, because it looks at no request."""
    binary = place.build("floor", "cc", "-O2")
    ports = {False: free_port(), True: free_port()}
    with (
        running([binary, ports[False], place.plain], f"http://127.0.0.1:{ports[False]}/") as plain,
        running([binary, ports[True], place.gzip, "gzip"], f"http://127.0.0.1:{ports[True]}/") as compressed,
    ):
        both = Both(plain, compressed)
        yield Server("bare epoll in C (the floor)", both, lambda gzip: f"http://127.0.0.1:{ports[gzip]}/")


class Both:
    """Two programs that count as one. Only one of them has work."""

    def __init__(self, *programs):
        self.programs = programs

    @property
    def cpu_seconds(self):
        return sum(program.cpu_seconds for program in self.programs)

    @property
    def resident_bytes(self):
        return max(program.resident_bytes for program in self.programs)


def nginx_configuration(place, port, locations, secure=False):
    kind = 'default_type "text/plain; version=0.0.4; charset=utf-8";'
    return place.write(
        f"nginx-{port}.conf",
        f"""worker_processes 1; daemon off; master_process off; error_log /dev/null; pid {place.directory}/nginx-{port}.pid;
events {{ worker_connections 8192; }}
http {{
    access_log off; keepalive_requests 1000000000; sendfile on; tcp_nopush on; open_file_cache max=10; {kind}
    client_body_temp_path {place.directory}; proxy_temp_path {place.directory}; fastcgi_temp_path {place.directory};
    uwsgi_temp_path {place.directory}; scgi_temp_path {place.directory};
    geo $dollar {{ default "$"; }}
    server {{ listen 127.0.0.1:{port}{" ssl" if secure else ""}; {locations} }}
}}""",
    )


def nginx_command(place, port, locations, secure=False):
    return ["nginx", "-p", place.directory, "-c", nginx_configuration(place, port, locations, secure)]


@contextlib.contextmanager
def nginx(place, name, locations, authority=None):
    port = free_port()
    origin = f"{'https' if authority else 'http'}://127.0.0.1:{port}"
    with running(nginx_command(place, port, locations, bool(authority)), f"{origin}/plain") as program:
        yield Server(name, program, lambda gzip: f"{origin}/{'gzip' if gzip else 'plain'}", authority)


def nginx_texts(place):
    """The body comes from its configuration, in variables because a parameter may not be longer than 4 KB. A compressed one
    cannot be written there: as many letters stand for it."""

    def answer(path, text):
        pieces = [text[start : start + 2000] for start in range(0, len(text), 2000)]
        escaped = [piece.replace("\\", "\\\\").replace('"', '\\"').replace("$", "${dollar}") for piece in pieces]
        sets = "".join(f'set $piece{number} "{piece}"; ' for number, piece in enumerate(escaped))
        body = "".join(f"${{piece{number}}}" for number in range(len(pieces)))
        return f'location /{path} {{ {sets} return 200 "{body}"; }}\n'

    letters = "x" * place.gzip.stat().st_size
    return answer("plain", place.plain.read_text()) + answer("gzip", letters)


def nginx_return(place):
    return nginx(place, "nginx, return 200", nginx_texts(place))


def nginx_file(place):
    locations = f"root {place.directory}; location /gzip {{ add_header Content-Encoding gzip; }}"
    return nginx(place, "nginx, a file", locations)


@contextlib.contextmanager
def h2o(place):
    port = free_port()
    # It gives root up, and may not read there as nobody; anybody else it cannot turn into root.
    user = "user: root\n" if os.geteuid() == 0 else ""
    types = "file.mime.setdefaulttype: text/plain\n"
    configuration = place.write(
        "h2o.conf",
        f"listen: {{ host: 127.0.0.1, port: {port} }}\nnum-threads: 1\n{user}error-log: /dev/null\n{types}"
        f'hosts:\n  default:\n    paths:\n      /: {{ file.dir: "{place.directory}" }}\n',
    )
    with running(["h2o", "-c", configuration], f"http://127.0.0.1:{port}/plain") as program:
        yield Server("h2o, a file", program, lambda gzip: f"http://127.0.0.1:{port}/{'gzip' if gzip else 'plain'}")


@contextlib.contextmanager
def go(place):
    port = free_port()
    binary = place.build("nethttp", "go", "build")
    with running([binary, port, place.plain, place.gzip], f"http://127.0.0.1:{port}/plain") as program:
        yield Server("Go net/http, bytes in memory", program, lambda gzip: f"http://127.0.0.1:{port}/{'gzip' if gzip else 'plain'}")


@contextlib.contextmanager
def packaged(name, *command):
    """An exporter of Debian's, which negotiates by itself."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/metrics"
    with running([*command, f"--web.listen-address=127.0.0.1:{port}"], url) as program:
        yield Server(name, program, lambda gzip: url)


def node_exporter(place):
    flags = ["--collector.disable-defaults", "--web.max-requests=0"]
    return packaged("node_exporter, no collectors", "prometheus-node-exporter", *flags)


def pushgateway(place):
    return packaged("pushgateway, empty", "prometheus-pushgateway")


@contextlib.contextmanager
def client_library(place):
    port = free_port()
    url = f"http://127.0.0.1:{port}/metrics"
    with running([sys.executable, HERE / "client_library.py", port], url) as program:
        yield Server("prometheus_client (Python)", program, lambda gzip: url)
