"""Programs under measurement: started on a core of their own, asked for their CPU time and memory, and ended."""

import contextlib
import os
import pathlib
import resource
import shlex
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.request

# The same one where there is no other.
SERVER_CORE, LOAD_CORE = min(os.sched_getaffinity(0)), max(os.sched_getaffinity(0))
TICK = 1 / os.sysconf("SC_CLK_TCK")


def prepare():
    """For this process, and those that it starts: thousands of connections, and an end that leaves nobody behind."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    ends = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    # Whoever started it may have blocked or ignored them, which is inherited.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ends)
    for number in ends:
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    # What asks from here is load, too.
    os.sched_setaffinity(0, {LOAD_CORE})


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def fetch(url, headers=None, timeout=10):
    """Of a server that was started here, so that nobody has to look at its certificate."""
    request = urllib.request.Request(url, headers=headers or {})
    with urllib.request.urlopen(request, timeout=timeout, context=ssl._create_unverified_context()) as answer:
        return answer.read()


def wait_until_answering(url, process, seconds=15):
    end = time.monotonic() + seconds
    while True:
        if process.poll() is not None:
            raise RuntimeError(f"{shlex.join(process.args)} ended with {process.returncode}")
        try:
            return fetch(url)
        except OSError as error:
            if time.monotonic() > end:
                raise RuntimeError(f"{shlex.join(process.args)} does not answer {url}: {error}") from error
            time.sleep(0.002)


def family(pid):
    """The process and its children, theirs included."""
    found, new = [], [pid]
    while new:
        found += new
        children = [pathlib.Path(f"/proc/{pid}/task/{pid}/children") for pid in new]
        new = [int(child) for path in children if path.exists() for child in path.read_text().split()]
    return found


def cpu_seconds(pids):
    ticks = 0
    for pid in pids:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks * TICK


class Program:
    """A running program and its children. With a URL, it answers there when this returns."""

    def __init__(self, command, url=None, environment=None):
        began = time.monotonic()
        self.process = subprocess.Popen(
            [str(part) for part in command],
            env=os.environ | (environment or {}),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=lambda: os.sched_setaffinity(0, {SERVER_CORE}),
        )
        try:
            if url:
                wait_until_answering(url, self.process)
        except RuntimeError:
            self.end()
            raise
        self.start_seconds = time.monotonic() - began

    def end(self):
        self.process.terminate()
        try:
            self.process.wait(2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    @property
    def identifiers(self):
        return family(self.process.pid)

    @property
    def cpu_seconds(self):
        return cpu_seconds(self.identifiers)

    @property
    def threads(self):
        return sum(len(os.listdir(f"/proc/{pid}/task")) for pid in self.identifiers)

    @property
    def resident_bytes(self):
        """Of a program with children, their sum: shared pages count once in each."""
        total = 0
        for pid in self.identifiers:
            lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
            total += next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS"))
        return total


@contextlib.contextmanager
def running(command, url=None, environment=None):
    program = Program(command, url, environment)
    try:
        yield program
    finally:
        program.end()
