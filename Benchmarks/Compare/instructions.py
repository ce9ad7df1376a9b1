"""What a request costs a server in user instructions, counted by valgrind: the same on a noisy machine as on a quiet one."""

import contextlib
import dataclasses
import pathlib
import re
import shlex
import signal
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Callable

import servers
from load import ACCEPT
from processes import free_port

VALGRIND = ["valgrind", "--tool=callgrind", "--separate-threads=yes"]
# Two runs that differ by so many requests: what start, first requests and end cost is the same in both and falls out. 8,000 take half
# a second to two under valgrind: long enough that the few thousand instructions by which one start differs from another are
# nothing, and so short that an exporter's rhythm of a second is hardly in them. The result repeats within 1 %.
FEW, MANY = 500, 8500
# Valgrind makes a program fifty times as slow, a busy machine both.
SECONDS = 60

# In the order in which Prometheus 3 sends them.
PROMETHEUS = {
    "User-Agent": "Prometheus/3.5.0",
    "Accept": ACCEPT,
    "Accept-Encoding": "gzip",
    "X-Prometheus-Scrape-Timeout-Seconds": "10",
}


@dataclasses.dataclass
class Way:
    """How a request is answered: by whom, and what is asked. With `changing`, each head is one that was never seen before; with
    `secure` it comes over TLS, by whatever certificate."""

    server: str
    way: str
    # Is given a port and returns what is to be executed.
    command: Callable[[int], list]
    target: str
    changing: bool = False
    secure: bool = False

    def head(self, port, number):
        fields = {"Host": f"127.0.0.1:{port}"} | PROMETHEUS
        if self.changing:
            # As long as any other.
            fields["X-Request-Id"] = f"{number:08}"
        lines = [f"GET {self.target} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
        return "".join(f"{line}\r\n" for line in [*lines, ""]).encode()


def ways(exporter, echo, web_configuration):
    """Those of this repository. The file turns on TLS."""

    def demo(port):
        return [exporter, "demo", f"--web.listen-address=127.0.0.1:{port}"]

    def encrypted_demo(port):
        return [*demo(port), f"--web.config.file={web_configuration}"]

    def echo_server(port):
        return [echo, "--listen", f"127.0.0.1:{port}"]

    return [
        Way("agent-exporter", "a known head", demo, "/metrics"),
        Way("agent-exporter", "a head never seen before", demo, "/metrics", changing=True),
        Way("agent-exporter", "a known head, over TLS", encrypted_demo, "/metrics", secure=True),
        Way("echo-server, 1,800 bytes", "a known head", echo_server, "/file?bytes=1800"),
        Way("echo-server, 2 bytes", "a handler's task", echo_server, "/"),
    ]


def yardsticks(place, pair):
    """What answers from its configuration, beside them."""

    def nginx(port):
        return servers.nginx_command(place, port, servers.nginx_texts(place))

    def encrypted(port):
        locations = f"{pair.nginx_directives()} {servers.nginx_texts(place)}"
        return servers.nginx_command(place, port, locations, secure=True)

    return [
        Way("nginx, return 200", "as every request", nginx, "/gzip"),
        Way("nginx, return 200", "as every request, over TLS", encrypted, "/gzip", secure=True),
    ]


def per_request(way):
    """Of the thread that serves. The other one of an exporter works by the clock, so that what it does in a run says how fast the
    machine was: it polls and renders once a second, some 2 million instructions, which is a tenth of what 8,000 scrapes cost."""
    few, many = (count(way, requests) for requests in (FEW, MANY))
    return max(many[thread] - few.get(thread, 0) for thread in many) / (MANY - FEW)


def count(way, requests):
    with tempfile.TemporaryDirectory() as directory:
        profiles = run(way, requests, pathlib.Path(directory))
        return {path.name: total(path.read_text()) for path in profiles}


def run(way, requests, directory):
    """Has it answer so many requests on one connection. Returns the profile of each thread, the youngest last."""
    port = free_port()
    command = [*VALGRIND, f"--callgrind-out-file={directory}/thread", *(str(part) for part in way.command(port))]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            with connect(port, process, way.secure) as peer:
                ask(way, port, requests, peer)
            end(process)
        finally:
            process.kill()
    return sorted(directory.glob("thread-*"))


def end(process):
    """nginx in one process sleeps over a signal that comes just before it does."""
    for _ in range(SECONDS // 5):
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(5)
    raise RuntimeError(f"{shlex.join(process.args)} does not end")


def connect(port, process, secure=False):
    """Nothing is asked to find out whether it is there: how often would be by chance, and is counted."""
    end = time.monotonic() + SECONDS
    while True:
        try:
            peer = socket.create_connection(("127.0.0.1", port), SECONDS)
            return ssl._create_unverified_context().wrap_socket(peer) if secure else peer
        except ConnectionRefusedError as error:
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{shlex.join(process.args)} does not listen on {port}: {error}") from error
            time.sleep(0.02)


def ask(way, port, requests, peer):
    for number in range(requests):
        peer.sendall(way.head(port, number))
        received = b""
        while b"\r\n\r\n" not in received:
            received += receive(peer, way)
        head, _, body = received.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200 "):
            raise RuntimeError(f"{way.server}: {head.decode(errors='replace')}")
        missing = int(re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)[1]) - len(body)
        while missing > 0:
            missing -= len(receive(peer, way))


def receive(peer, way):
    received = peer.recv(1 << 16)
    if not received:
        raise RuntimeError(f"{way.server}: the connection was closed")
    return received


def total(profile):
    return int(re.search(r"^(?:totals|summary): (\d+)", profile, re.MULTILINE)[1])
