"""The exporter and the worker live within the limits that their manifests set.

Where control groups can be made (as root, version 1 or 2), the kernel enforces the manifest's limits of memory and
CPU on a run of AGENT_EXPORTER under load: it would kill it for one page too many. Elsewhere the largest memory of
that run is measured, and CPU is not limited. The binary is whichever is tested, usually the debug build, which is
larger and slower than the static one that is shipped.
"""

import concurrent.futures
import contextlib
import http.client
import os
import pathlib
import re
import resource
import socket
import subprocess
import sys
import unittest

from manifests import documents, environment_of, exporter_of, pod_of
from support import BINARY, DEPLOY, WORKER, free_port, run, tool, wait_until

GROUPS = pathlib.Path("/sys/fs/cgroup")
PERIOD_MICROSECONDS = 100_000
CONNECTIONS, SCRAPES_EACH = 100, 100
REQUEST = b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"
# Requests that never end, by what keeps them: a head, a body of either framing, trailers.
PADDING = b"X: " + b"x" * 12_000 + b"\r\n"
POST = b"POST /metrics HTTP/1.1\r\nHost: x\r\n"
STALLED = [
    b"GET /metrics HTTP/1.1\r\nHost: x\r\n" + PADDING,
    POST + PADDING + b"Content-Length: 1000\r\n\r\nhel",
    POST + PADDING + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhel",
    POST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n" + PADDING,
]


def allowed_connections():
    """By the manifest, or by the exporter where that says nothing."""
    container, _ = exporter_of(documents(run(tool("kubectl"), "kustomize", DEPLOY / "kubernetes/base")))
    return int(environment_of(container).get("WEB_MAX_CONNECTIONS", 8192))


def limits():
    """Bytes and thousandths of a core, from the manifest."""
    container, _ = exporter_of(documents(run(tool("kubectl"), "kustomize", DEPLOY / "kubernetes/base")))
    found = container["resources"]["limits"]
    memory, cpu = re.fullmatch(r"(\d+)Mi", found["memory"]), re.fullmatch(r"(\d+)m", found["cpu"])
    return int(memory[1]) << 20, int(cpu[1])


def group_settings(memory, millicores):
    """What to write, by the directory of the group: one of version 2, or two of version 1."""
    quota = PERIOD_MICROSECONDS * millicores // 1000
    name = f"agent-exporter-test-{os.getpid()}"
    if (GROUPS / "cgroup.controllers").exists():
        return {GROUPS / name: {"memory.max": memory, "cpu.max": f"{quota} {PERIOD_MICROSECONDS}"}}
    return {
        GROUPS / "memory" / name: {"memory.limit_in_bytes": memory},
        GROUPS / "cpu" / name: {"cpu.cfs_period_us": PERIOD_MICROSECONDS, "cpu.cfs_quota_us": quota},
    }


@contextlib.contextmanager
def control_groups(memory, millicores):
    """Control groups with these limits; none where they cannot be made."""
    made = []
    try:
        for group, values in group_settings(memory, millicores).items():
            group.mkdir()
            made.append(group)
            for name, value in values.items():
                (group / name).write_text(str(value))
        ready = list(made)
    except OSError as problem:
        print(f"test_limits: no control groups ({problem}), so memory is only measured", file=sys.stderr)
        ready = []
    try:
        yield ready
    finally:
        for group in made:
            group.rmdir()


@contextlib.contextmanager
def exporter(groups, *flags):
    """The exporter with a simulated agent, in these groups from its first instruction."""
    port = free_port()
    join = "".join(f"echo $$ > {group}/cgroup.procs; " for group in groups)
    address = f"--web.listen-address=127.0.0.1:{port}"
    command = ["sh", "-c", join + 'exec "$@"', "sh", BINARY, "demo", address, *flags]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process, port
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def worker(groups, variables):
    """The worker with these variables, as those of a manifest, in these groups from its first instruction."""
    port = free_port()
    join = "".join(f"echo $$ > {group}/cgroup.procs; " for group in groups)
    names = ("METRICS_LISTEN_ADDRESS", "STATUS_LISTEN_ADDRESS", "ACTUATOR_LISTEN_ADDRESS")
    places = {"WEB_LISTEN_ADDRESS": f"127.0.0.1:{port}"} | {name: f"127.0.0.1:{free_port()}" for name in names}
    # No file of the manifest is there.
    secret = {"WEBHOOK_SECRET_FILE": "", "WEBHOOK_SECRET": "secret"}
    process = subprocess.Popen(
        ["sh", "-c", join + 'exec "$@"', "sh", WORKER],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | variables | places | secret,
    )
    try:
        yield process, port
    finally:
        process.kill()
        process.wait()


def connect(port, timeout=30):
    return contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=timeout))


def is_ready(port):
    with contextlib.suppress(OSError), connect(port) as connection:
        return status(connection, "/readyz") == 200


def status(connection, path, encoding="identity"):
    connection.request("GET", path, headers={"Accept-Encoding": encoding})
    response = connection.getresponse()
    response.read()
    return response.status


def scrape(port, encoding):
    with connect(port) as connection:
        return {status(connection, "/metrics", encoding) for _ in range(SCRAPES_EACH)}


def value_of(series, port):
    with connect(port) as connection:
        connection.request("GET", "/metrics")
        response = connection.getresponse()
        text = response.read().decode()
    # Nothing of it where this connection was one too many.
    return int(re.search(f"^{re.escape(series)} (\\d+)", text, re.MULTILINE)[1]) if response.status == 200 else None


def open_connections(port):
    return value_of("agent_exporter_http_open_connections", port)


def scrapers(port, count, peers):
    """As many connections, each of which has scraped."""
    # Nobody who looked is still among them.
    wait_until(lambda: open_connections(port) <= 1, what="an empty server")
    crowd = [peers.enter_context(socket.create_connection(("127.0.0.1", port), 30)) for _ in range(count)]
    for peer in crowd:
        peer.sendall(REQUEST)
        received = peer.recv(1 << 16)
        assert received.startswith(b"HTTP/1.1 200 OK"), received[:60]
    return crowd


@contextlib.contextmanager
def descriptors(count):
    """As many as both ends of a crowd need."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(before[0], count), before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def peak_memory(process):
    """Without the pages of the program's file: the kernel drops these before it kills anybody."""
    text = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    whole, program = (int(re.search(rf"{name}:\s+(\d+) kB", text)[1]) << 10 for name in ("VmHWM", "RssFile"))
    return whole - program


class Limits(unittest.TestCase):
    def test_it_serves_a_hundred_scrapers_within_the_limits_of_the_manifest(self):
        memory, millicores = limits()
        with control_groups(memory, millicores) as groups, exporter(groups) as (process, port):
            wait_until(lambda: is_ready(port), seconds=30, what="readiness")
            encodings = ["gzip", "identity"] * (CONNECTIONS // 2)
            with concurrent.futures.ThreadPoolExecutor(CONNECTIONS) as pool:
                codes = pool.map(scrape, [port] * CONNECTIONS, encodings)
                # The kubelet's probes wait for 3 s.
                with connect(port, timeout=3) as probe:
                    self.assertEqual(status(probe, "/healthz"), 200)
                self.assertEqual(set().union(*codes), {200})
            self.assertIsNone(process.poll(), "it was killed")
            self.assertLess(peak_memory(process), memory)

    def test_every_connection_that_it_takes_fits_the_memory_of_the_manifest(self):
        """Each has scraped. Half of them go on asking and read nothing: what they are owed is kept for them, in part."""
        memory, _ = limits()
        count = allowed_connections()
        with descriptors(count + 200), contextlib.ExitStack() as peers:
            groups = peers.enter_context(control_groups(memory, 1000))
            process, port = peers.enter_context(exporter(groups, f"--web.max-connections={count}"))
            wait_until(lambda: is_ready(port), seconds=30, what="readiness")
            for peer in scrapers(port, count, peers)[count // 2:]:
                peer.setblocking(False)
                with contextlib.suppress(BlockingIOError):
                    for _ in range(50):
                        peer.send(REQUEST * 60)
            with connect(port) as another:
                self.assertEqual(status(another, "/healthz"), 503, "that is one too many")
            self.assert_small(process, memory, f"{count} connections")

    def test_as_many_that_finish_no_request_fit_it_too(self):
        """What is kept of them is bounded for all together; those beyond it are told so and closed."""
        memory, _ = limits()
        count = allowed_connections()
        with descriptors(count + 200), contextlib.ExitStack() as peers:
            groups = peers.enter_context(control_groups(memory, 1000))
            process, port = peers.enter_context(exporter(groups, f"--web.max-connections={count}"))
            wait_until(lambda: is_ready(port), seconds=30, what="readiness")
            crowd = scrapers(port, count, peers)
            for number, peer in enumerate(crowd):
                peer.sendall(STALLED[number % len(STALLED)])
            # All of them together would be three times what is kept.
            refused = 'agent_exporter_http_rejected_total{reason="too_much_pending"}'
            wait_until(lambda: (value_of(refused, port) or 0) > count // 2, what="most are refused")
            with connect(port) as another:
                self.assertEqual(status(another, "/healthz"), 200)
            self.assert_small(process, memory, f"{count} unfinished requests")

    def test_whatever_bodies_a_worker_is_sent_fit_its_memory_and_webhooks_are_taken_beside_them(self):
        """Anybody may send them: a body is kept until its signature is checked, and none of these ends."""
        pod = documents(run(tool("kubectl"), "kustomize", DEPLOY / "kubernetes/worker"))
        (container,) = pod_of(pod)["spec"]["containers"]
        variables = environment_of(container)
        memory = int(container["resources"]["limits"]["memory"].removesuffix("Mi")) << 20
        count = int(variables["WEB_MAX_CONNECTIONS"]) - 4
        with descriptors(count + 200), contextlib.ExitStack() as peers:
            groups = peers.enter_context(control_groups(memory, 1000))
            process, port = peers.enter_context(worker(groups, variables))
            wait_until(lambda: is_ready(port), seconds=30, what="readiness")
            head = f"POST /webhook HTTP/1.1\r\nHost: x\r\nPetzi-Signature: t=1,v1={'0' * 64}\r\nContent-Length: 1048576\r\n\r\n"
            for number in range(count):
                peer = peers.enter_context(socket.create_connection(("127.0.0.1", port), 30))
                # All that they send together would be twelve times what is kept.
                with contextlib.suppress(ConnectionError):
                    peer.sendall(head.encode() + b"x" * (400 << 10 if number % 2 else 20 << 10))
            refused = 'pipeline_worker_webhooks_refused_total{reason="too_much_pending"}'
            wait_until(lambda: process.poll() or (value_of(refused, port) or 0) > count // 3, what="long ones are refused")
            self.assertIsNone(process.poll(), "it was killed")
            # It fails unless each is accepted.
            run(BINARY, "simulate-webhook", f"http://127.0.0.1:{port}/webhook", "secret", "--count=20")
            self.assert_small(process, memory, f"{count} unfinished bodies")

    def assert_small(self, process, memory, what):
        self.assertIsNone(process.poll(), "it was killed")
        used = peak_memory(process)
        print(f"test_limits: {what}, {used >> 10} KiB at most of {memory >> 10}", file=sys.stderr)
        self.assertLess(used, memory * 5 // 8, "a quarter is for what the kernel keeps of connections, an eighth for the program")


if __name__ == "__main__":
    unittest.main()
