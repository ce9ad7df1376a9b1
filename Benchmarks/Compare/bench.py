"""Measures the exporter beside what else there is, and writes what it found.

  bench.py            everything, about seven minutes: Benchmarks/results.md, and two pictures in docs/images
  bench.py --check    what Benchmarks/thresholds.json limits: ratios and counts, never times; exit status 1 if one is exceeded

`make bench` and `make bench-check` build what they need and run it.
"""

import argparse
import contextlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import costs
import encryption
import footprint
import instructions
import outage
import plot
import report
import servers
from load import Load
from processes import prepare

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXPORTER = ROOT / ".build/static/release/agent-exporter"
LOADTEST = ROOT / ".build/static/release/loadtest"
ECHO = ROOT / ".build/static/release/echo-server"
MICRO = ROOT / ".build/static/release/micro-bench"

FLOOR = "bare epoll in C (the floor)"
NGINX = "nginx, return 200"
OURS = "agent-exporter"

PEERS = [
    servers.floor, servers.nginx_return, servers.nginx_file, servers.h2o, servers.go, servers.node_exporter,
    servers.pushgateway, servers.client_library,
]  # fmt: skip
SHAPES = [
    Load(connections=1),
    Load(connections=1, gzip=True),
    Load(connections=1000),
    Load(connections=1000, gzip=True),
    Load(keep_alive=False),
    Load(keep_alive=False, gzip=True),
]


IDLE_CONNECTIONS, IDLE_TLS_CONNECTIONS = 4000, 2000
# Those of openssl's client, which counts in whole seconds.
HANDSHAKE_SECONDS = 2
# Scrapes a second.
FAULT_RATE, OUTAGE_RATE = 20, 10

SCRAPE_NOTES = f"""64 connections, asked as fast as they answer; `answer` is what came, with its head. pushgateway, node_exporter, prometheus_client
and the Flask sidecar say metrics of their own; all others say the same, but for `return 200`, which has as many letters in the
place of the compressed one: no configuration can hold that. prometheus_client and the sidecar (gunicorn, {servers.WORKERS} workers) end each
connection after one answer, as they do by default, and the sidecar compresses nothing. Memory is resident, after the last round."""
OUTAGE_NOTES = f"""Scrapes are due at a fixed rate, each on a connection of its own, and are timed from then: {FAULT_RATE} a second, and
{OUTAGE_RATE} where the agent hangs for 40 s of 70 s. One has failed when there is no 200 within {outage.SCRAPE_TIMEOUT} s. The sidecar waits as long
for its agent, and holds nothing yet when the first three begin."""
INSTRUCTION_NOTES = f"""Counted by valgrind on one kept connection, in the thread that serves: the difference of a run with
{instructions.FEW:,} requests and one with {instructions.MANY:,}. What the kernel does is not in it. Heads are those of Prometheus 3, with gzip; the one
that was never seen before has a field more. [docs/performance.md](../docs/performance.md) says what the instructions are for."""
TLS_NOTES = """TLS 1.3, a certificate with a key on P-256. What TLS adds is the difference to the same server without. Handshakes are made by
`openssl s_time`, one after another, each with a request and its answer; µs are the server's. An idle connection takes {:,.0f} bytes of the
exporter's memory, measured with {:,} of them that have been answered once."""
MEMORY_NOTES = """Medians of the starts. An idle connection takes {:,.0f} bytes of the exporter's memory, measured with {:,} of them that have been
answered once; the kernel's part is not in it."""


class Bench:
    """What a whole run needs: a folder, an agent, and the exporter that polls it."""

    def __init__(self, stack):
        self.stack = stack
        self.load_average = os.getloadavg()[0]
        directory = stack.enter_context(tempfile.TemporaryDirectory())
        self.place = servers.Workplace(directory, EXPORTER)
        self.agent_url, _ = stack.enter_context(servers.agent(self.place.exporter))
        self.ours = stack.enter_context(servers.agent_exporter(self.place, self.agent_url))
        self.memory_at_rest = self.ours.program.resident_bytes
        self.place.take_bodies(self.ours.url(False))
        self.pair = encryption.make_pair(self.place)

    def start(self, *starters):
        return [self.stack.enter_context(starter(self.place)) for starter in starters]

    def costs(self, running, load, rounds, seconds):
        return costs.measure(LOADTEST, running, load, rounds, seconds)

    def instructions(self):
        """Each way that a request is answered, with its count."""
        ways = instructions.ways(EXPORTER, ECHO, self.pair.web_configuration(self.place))
        return [(way, instructions.per_request(way)) for way in ways]

    def encrypted(self):
        """The exporter and nginx, with the same certificate."""
        return [
            self.stack.enter_context(encryption.agent_exporter(self.place, self.pair, self.agent_url)),
            self.stack.enter_context(encryption.nginx(self.place, self.pair)),
        ]

    def handshakes(self, encrypted, resume):
        """Of each server the cheapest of three rounds that take turns: another program on the machine can only make it dearer."""
        paths = ["/healthz", "/gzip"]
        rounds = [
            [encryption.handshakes(server, path, HANDSHAKE_SECONDS, resume) for server, path in zip(encrypted, paths)]
            for _ in range(3)
        ]
        return [min(found, key=lambda one: one.microseconds) for found in zip(*rounds)]

    def idle_tls_connection_bytes(self):
        with encryption.agent_exporter(self.place, self.pair, self.agent_url) as fresh:
            return footprint.idle_connection_bytes(fresh, IDLE_TLS_CONNECTIONS)

    def idle_connection_bytes(self):
        """Of a new exporter: memory that another load has left behind would be used again, and look like none."""
        with servers.agent_exporter(self.place, self.agent_url) as fresh:
            return footprint.idle_connection_bytes(fresh, IDLE_CONNECTIONS)

    def micro(self, *parts):
        lines = subprocess.run([MICRO, "--json", *parts], check=True, capture_output=True, text=True).stdout.splitlines()
        return [json.loads(line) for line in lines]


def say(text):
    print(text, flush=True)


def measure_everything(bench):
    say("micro benchmarks")
    small = bench.micro()
    say("starting the others")
    sidecar = bench.stack.enter_context(servers.fetching_sidecar(bench.place, bench.agent_url))
    running = [bench.ours, *bench.start(*PEERS), sidecar]
    tables = []
    for load in [Load(), Load(gzip=True)]:
        say(f"cost of a scrape: {load}")
        tables.append(bench.costs(running, load, rounds=3, seconds=1))
    few = [server for server in running if server.name in (OURS, FLOOR, NGINX)]
    shapes = []
    for load in SHAPES:
        say(f"cost of a scrape: {load}")
        shapes.append(bench.costs(few, load, rounds=3, seconds=1))
    say("user instructions")
    yardsticks = instructions.yardsticks(bench.place, bench.pair)
    counted = [*bench.instructions(), *((way, instructions.per_request(way)) for way in yardsticks)]
    say("TLS")
    tls = measure_encryption(bench, [server for server in running if server.name in (OURS, NGINX)])
    say("start and memory")
    starts, idle = footprints(bench), bench.idle_connection_bytes()
    say("scrapes while the agent misbehaves")
    promises = outage.faults(bench.place, rate=FAULT_RATE, seconds=12)
    timeline = outage.timeline(bench.place, rate=OUTAGE_RATE, seconds=70, hangs_from=10, hangs_until=50)
    draw(tables[1], timeline)
    return report.page(
        EXPORTER,
        bench.load_average,
        [
            ("What a scrape costs", report.costs(*tables, FLOOR) + f"\n\n{SCRAPE_NOTES}"),
            ("By connections and encoding", report.shapes(shapes, FLOOR)),
            ("Over TLS", tls),
            ("User instructions", report.instructions(counted) + f"\n\n{INSTRUCTION_NOTES}"),
            ("Scrapes while the agent misbehaves", report.promises([*promises, *timeline]) + f"\n\n{OUTAGE_NOTES}"),
            ("Start and memory", report.footprints(starts) + f"\n\n{MEMORY_NOTES.format(idle, IDLE_CONNECTIONS)}"),
            ("Small things alone", report.micro(small)),
        ],
    )


def measure_encryption(bench, plain):
    encrypted = bench.encrypted()
    scrapes = [bench.costs([*plain, *encrypted], load, rounds=5, seconds=1) for load in (Load(), Load(gzip=True))]
    made = [bench.handshakes(encrypted, resume) for resume in (False, True)]
    notes = TLS_NOTES.format(bench.idle_tls_connection_bytes(), IDLE_TLS_CONNECTIONS)
    return f"{report.encrypted_scrapes(scrapes)}\n\n{report.handshakes(*made)}\n\n{notes}"


def footprints(bench):
    def ours(port):
        return [EXPORTER, f"--agent.url={bench.agent_url}", f"--web.listen-address=127.0.0.1:{port}"]

    def node_exporter(port):
        return ["prometheus-node-exporter", "--collector.disable-defaults", f"--web.listen-address=127.0.0.1:{port}"]

    def client_library(port):
        return [sys.executable, servers.HERE / "client_library.py", port]

    commands = {OURS: ours, "node_exporter, no collectors": node_exporter, "prometheus_client (Python)": client_library}
    return [footprint.start(name, command, rounds=5) for name, command in commands.items()]


def draw(compressed, timeline):
    images = ROOT / "docs/images"
    bars = plot.bars("CPU time per scrape, gzip, 64 connections", [(c.server, c.median) for c in compressed], OURS)
    (images / "scrape-cost.svg").write_text(bars)
    series = [(one.server, one.scrapes, one.server == OURS) for one in timeline]
    (images / "outage.svg").write_text(plot.latencies("How long a scrape takes", series, 70, (10, 50)))


def check(bench):
    limits = json.loads((ROOT / "Benchmarks/thresholds.json").read_text())
    found = counts(bench)
    running = [bench.ours, *bench.start(servers.floor, servers.nginx_return)]
    bases = {"scrape cost, of the floor": FLOOR, "scrape cost, of nginx, return 200": NGINX}
    found |= best_ratios(bench, running, OURS, bases, limits)
    encrypted = bench.encrypted()
    bases = {"scrape cost over TLS, of nginx, return 200": encrypted[1].name}
    found |= best_ratios(bench, encrypted, encrypted[0].name, bases, limits)
    found |= handshake_ratios(bench, encrypted, limits)
    return verdict(found, limits)


def best_ratios(bench, running, subject, bases, limits):
    """Another program on the machine can only make a ratio worse than it is, so the best of three tries counts."""
    found = {}
    for _ in range(3):
        ratios = worst_ratios(bench, running, bases, subject)
        found |= {name: min(ratio, found.get(name, ratio)) for name, ratio in ratios.items()}
        if all(found[name] <= limits[name] for name in bases):
            break
    return found


def handshake_ratios(bench, encrypted, limits):
    """What resumption saves a client is seen in the results: all that is held here is that every ticket is taken."""
    name, best = "handshake cost, of nginx", float("inf")
    for _ in range(3):
        ours, nginx = bench.handshakes(encrypted, resume=False)
        best = min(best, ours.microseconds / nginx.microseconds)
        if best <= limits[name]:
            break
    resumed, _ = bench.handshakes(encrypted, resume=True)
    return {name: best, "handshakes with a ticket that were not resumed": resumed.count - resumed.resumed}


def verdict(found, limits):
    """Prints how each limit is kept. Returns whether all are."""
    assert found.keys() == limits.keys(), found.keys() ^ limits.keys()
    for name, limit in limits.items():
        say(f"{'ok' if found[name] <= limit else 'EXCEEDED':9} {name}: {found[name]:,.2f}, limit {limit:,}")
    return all(found[name] <= limit for name, limit in limits.items())


def counts(bench):
    allocations = {one["case"]: round(one["allocations"], 1) for one in bench.micro("answer of 2.4", "Negotiate", "render 50")}

    def most(part):
        return max(value for name, value in allocations.items() if part in name)

    counted = {f"user instructions: {way.server}, {way.way}": count for way, count in bench.instructions()}
    return counted | {
        "allocations per request, a known head": most("Known head"),
        "allocations per request, a handler's task": most("Request and prepared answer"),
        "allocations per negotiation": most("Negotiate"),
        "allocations per render of 50 series": most("render 50"),
        "bytes per idle connection": bench.idle_connection_bytes(),
        "bytes per idle connection over TLS": bench.idle_tls_connection_bytes(),
        "megabytes of executable": EXPORTER.stat().st_size / 1e6,
        "megabytes of memory": bench.memory_at_rest / 1e6,
        "threads": bench.ours.program.threads,
    }


def worst_ratios(bench, running, bases, subject=OURS):
    ratios = dict.fromkeys(bases, 0)
    for load in [Load(), Load(gzip=True)]:
        found = bench.costs(running, load, rounds=5, seconds=1)
        for cost in found:
            # An error is cheap, so that a server which fails would look good.
            if cost.errors:
                raise RuntimeError(f"{cost.server} failed to answer {cost.errors} of {cost.errors + cost.answers} requests")
        medians = {cost.server: cost.median for cost in found}
        for name, base in bases.items():
            ratios[name] = max(ratios[name], medians[subject] / medians[base])
    return ratios


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    prepare()
    with contextlib.ExitStack() as stack:
        bench = Bench(stack)
        if arguments.check:
            return 0 if check(bench) else 1
        page = measure_everything(bench)
    (ROOT / "Benchmarks/results.md").write_text(page)
    say(page)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (FileNotFoundError, RuntimeError) as error:
        sys.exit(f"bench: {error}")
