"""The exporter lives within the limits that its manifests set.

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
import subprocess
import sys
import unittest

from manifests import documents, exporter_of
from support import BINARY, DEPLOY, free_port, run, tool, wait_until

GROUPS = pathlib.Path("/sys/fs/cgroup")
PERIOD_MICROSECONDS = 100_000
CONNECTIONS, SCRAPES_EACH = 100, 100


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
def exporter(groups):
    """The exporter with a simulated agent, in these groups from its first instruction."""
    port = free_port()
    join = "".join(f"echo $$ > {group}/cgroup.procs; " for group in groups)
    command = ["sh", "-c", join + 'exec "$@"', "sh", BINARY, "demo", f"--web.listen-address=127.0.0.1:{port}"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
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


def peak_memory(process):
    text = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", text)[1]) << 10


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


if __name__ == "__main__":
    unittest.main()
