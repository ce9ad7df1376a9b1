"""What was measured, as a page of Markdown."""

import datetime
import os
import pathlib
import platform
import re
import subprocess

from processes import LOAD_CORE, SERVER_CORE


def version(*command):
    """The first number with dots in what a command says of itself."""
    try:
        finished = subprocess.run(command, capture_output=True, text=True)
    except FileNotFoundError:
        return "missing"
    found = re.search(r"\d+(\.\d+)+", finished.stdout + finished.stderr)
    return found[0] if found else "unknown"


def machine(cpuinfo=pathlib.Path("/proc/cpuinfo")):
    # Linux does not know the model of every processor.
    names = re.findall(r"^model name\s*: (.*)$", cpuinfo.read_text(), re.MULTILINE)
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9
    return f"{os.cpu_count()} cores of {names[0] if names else platform.machine()}, {memory:.0f} GB, Linux {platform.release()}"


def versions():
    return {
        "Swift": version("swift", "--version"),
        "nginx": version("nginx", "-v"),
        "h2o": version("h2o", "-v"),
        "node_exporter": version("prometheus-node-exporter", "--version"),
        "pushgateway": version("prometheus-pushgateway", "--version"),
        "Go": version("go", "version"),
        "Python": platform.python_version(),
    }


def table(columns, rows):
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows])


def spread(values):
    return f"{min(values):.1f} – {max(values):.1f}"


def size(count):
    return f"{count / 1e6:.1f} MB" if count > 1e6 else f"{count / 1e3:.1f} kB"


def time(seconds):
    if seconds == float("inf"):
        return "failed"
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.1f} s"


def named(*costs):
    """A server with what it failed to answer, if that was more than one request in a thousand."""
    failed = max(cost.failed for cost in costs)
    return costs[0].server + (f" ({failed:.1%} failed)" if failed > 0.001 else "")


def costs(plain, compressed, floor):
    """One load, all servers."""
    floors = [next(cost.median for cost in costs if cost.server == floor) for costs in (plain, compressed)]
    rows = []
    for cost, other in sorted(zip(plain, compressed), key=lambda pair: pair[1].median):
        row = [named(cost, other)]
        for one, base in zip((cost, other), floors):
            row += [f"{one.median:.1f}", spread(one.microseconds), f"{one.median / base:.2f} ×", size(one.body_bytes)]
        rows.append([*row, size(cost.resident_bytes)])
    return table(
        ["server", "plain, µs", "spread", "of the floor", "answer", "gzip, µs", "spread", "of the floor", "answer", "memory"],
        rows,
    )


def shapes(measured, floor):
    """Several loads, few servers."""
    names = [cost.server for cost in measured[0]]
    rows = []
    for costs in measured:
        base = next(cost.median for cost in costs if cost.server == floor)
        rows.append([costs[0].load, *(f"{cost.median:.1f} ({cost.median / base:.2f} ×)" for cost in costs)])
    return table(["load", *names], rows)


def encrypted_scrapes(measured):
    """Several loads; of each server without TLS, then of the same ones with it."""
    rows = []
    for costs in measured:
        half = len(costs) // 2
        for plain, secure in zip(costs[:half], costs[half:], strict=True):
            added = secure.median - plain.median
            rows.append(
                [plain.server, costs[0].load, size(secure.body_bytes), *(f"{µs:.1f}" for µs in (plain.median, secure.median, added))]
            )
    return table(["server", "load", "answer", "plain, µs", "TLS, µs", "TLS adds"], rows)


def handshakes(whole, resumed):
    rows = [
        [kind, one.server, f"{one.microseconds:,.0f}", f"{one.per_second:,.0f}", f"{one.resumed} of {one.count}"]
        for kind, found in (("whole", whole), ("resumed", resumed))
        for one in found
    ]
    return table(["handshakes", "server", "µs", "one client, a second", "resumed"], rows)


def instructions(counted):
    """Pairs of a way and its count."""
    rows = [[way.server, way.way, f"{count:,.0f}"] for way, count in counted]
    return table(["server", "answered by", "user instructions"], rows)


def promises(latencies):
    rows = [
        [
            one.fault,
            one.server,
            len(one.scrapes),
            one.failures,
            *(time(one.quantile(part)) for part in (0.5, 0.99, 1)),
        ]
        for one in latencies
    ]
    return table(["the agent", "server", "scrapes", "failed", "p50", "p99", "max"], rows)


def footprints(found):
    rows = [[one.name, f"{one.start_milliseconds:.0f} ms", size(one.resident_bytes)] for one in found]
    return table(["server", "first answer after", "memory then"], rows)


def micro(results):
    rows = [
        [one["case"], f"{one['best_ns']:,.1f}", f"{one['median_ns']:,.1f}", f"{one['allocations']:.1f}"] for one in results
    ]
    return table(["case", "ns, best run", "ns, median", "allocations"], rows)


def page(binary, load_average, sections):
    facts = ", ".join(f"{name} {version}" for name, version in versions().items())
    head = f"""# Results

Written by `make bench` on {datetime.date.today()}. {machine()}; load when it began {load_average:.2f}.
{facts}. The exporter is the static executable, {pathlib.Path(binary).stat().st_size / 1e6:.1f} MB, and serves the metrics of a simulated agent.

Servers run on one core and the load on {'the same' if LOAD_CORE == SERVER_CORE else 'another'}. µs are CPU time of the server per request, user and system, medians of rounds
that take turns between the servers; × is relative to the floor in the same run, which is the figure that another machine
should come near to."""
    return "\n\n".join([head, *(f"## {title}\n\n{text}" for title, text in sections)]) + "\n"
