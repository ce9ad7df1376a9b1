"""The promise: how long a scrape takes while the agent misbehaves, for us and for a sidecar that fetches while it is scraped."""

import asyncio
import contextlib
import dataclasses
import json
import math
import urllib.request

import load as loads
import servers

FAULTS = {"hangs": {"hang": True}, "sends a byte a second": {"drip": 1}, "resets in mid-answer": {"reset": True}}
# What a Prometheus of default configuration waits for.
SCRAPE_TIMEOUT = 10


@dataclasses.dataclass
class Latencies:
    server: str
    fault: str
    # (due, latency), both in seconds; a latency of None is a scrape that failed.
    scrapes: list

    @property
    def failures(self):
        return sum(latency is None for _, latency in self.scrapes)

    def quantile(self, part):
        """In seconds; a failed scrape is slower than all others."""
        latencies = sorted(latency if latency is not None else float("inf") for _, latency in self.scrapes)
        return latencies[math.ceil(len(latencies) * part) - 1]


def change(control, settings):
    urllib.request.urlopen(urllib.request.Request(control, json.dumps(settings).encode(), method="POST"), timeout=5)


async def probe_all(running, rate, seconds):
    return await asyncio.gather(*(loads.probe(server.url(False), rate, seconds, SCRAPE_TIMEOUT) for server in running))


@contextlib.contextmanager
def both(place, agent_url):
    with servers.agent_exporter(place, agent_url) as ours, servers.fetching_sidecar(place, agent_url) as other:
        yield [ours, other]


def faults(place, rate, seconds):
    """Each fault, from when what the sidecar has kept is too old."""
    found = []
    for name, fault in FAULTS.items():
        with servers.agent(place.exporter) as (agent_url, control):
            change(control, {"status": 503})
            with both(place, agent_url) as running:
                change(control, {"status": 200} | fault)
                results = asyncio.run(probe_all(running, rate, seconds))
                found += [Latencies(server.name, name, scrapes) for server, scrapes in zip(running, results)]
    return found


def timeline(place, rate, seconds, hangs_from, hangs_until):
    """One outage from its beginning to its end."""

    async def outage(control, running):
        async def script():
            await asyncio.sleep(hangs_from)
            await asyncio.to_thread(change, control, {"hang": True})
            await asyncio.sleep(hangs_until - hangs_from)
            await asyncio.to_thread(change, control, {"hang": False})

        results, _ = await asyncio.gather(probe_all(running, rate, seconds), script())
        return results

    with servers.agent(place.exporter) as (agent_url, control), both(place, agent_url) as running:
        results = asyncio.run(outage(control, running))
    return [Latencies(server.name, "hangs for a while", scrapes) for server, scrapes in zip(running, results)]
