"""The load: this repository's own load tester, on a core of its own, and a prober that counts from when a request was due."""

import asyncio
import dataclasses
import json
import os
import subprocess
import time
import urllib.parse

from processes import LOAD_CORE

# What Prometheus 3 sends, but for its encodings.
ACCEPT = (
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,"
    "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2"
)


@dataclasses.dataclass
class Load:
    connections: int = 64
    gzip: bool = False
    keep_alive: bool = True

    @property
    def flags(self):
        flags = [f"--connections={self.connections}", "--profile=prometheus"]
        if not self.gzip:
            flags.append("--header=Accept-Encoding: identity")
        if not self.keep_alive:
            flags.append("--no-keep-alive")
        return flags

    def __str__(self):
        connections = f"{self.connections:,} connection{'s' if self.connections > 1 else ''}"
        return f"{connections}, {'gzip' if self.gzip else 'plain'}, {'kept' if self.keep_alive else 'one request each'}"


def run(loadtest, url, load, seconds, authority=None):
    """As many requests as are answered. Returns the load tester's report."""
    command = [
        loadtest, url, "--rate=max", f"--duration={seconds}s", "--warmup=0s", "--validate=length", "--json", *load.flags,
        *([f"--ca-file={authority}"] if authority else []),
    ]  # fmt: skip
    finished = subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        timeout=seconds + 30,
        preexec_fn=lambda: os.sched_setaffinity(0, {LOAD_CORE}),
    )
    report = json.loads(finished.stdout or "null")
    if not report or not report["answers"]:
        raise RuntimeError(f"loadtest {url}: {finished.stdout}{finished.stderr}")
    return report


async def probe(url, rate, seconds, timeout):
    """Scrapes on connections of their own, at a fixed rate. Returns (due, latency) in seconds, latency None for a failure."""
    target = urllib.parse.urlsplit(url)
    began = time.monotonic()

    async def scrape(due):
        await asyncio.sleep(began + due - time.monotonic())
        try:
            async with asyncio.timeout_at(asyncio.get_running_loop().time() + began + due + timeout - time.monotonic()):
                reader, writer = await asyncio.open_connection(target.hostname, target.port)
                try:
                    writer.write(f"GET {target.path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
                    answer = await reader.read(-1)
                finally:
                    writer.close()
        except (OSError, TimeoutError):
            return due, None
        return due, time.monotonic() - began - due if answer.startswith(b"HTTP/1.1 200") else None

    return await asyncio.gather(*(scrape(number / rate) for number in range(int(rate * seconds))))
