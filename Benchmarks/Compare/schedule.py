"""The schedule of hubs over one PostgreSQL: what reports, commits, COPYs and scrapes cost, and what that is at another scale.

schedule.py HUB [--workers 1000] [--interval 15] [--hubs 1] [--seconds 60] [--scrape 15] [--scale 100]

HUB is an executable of agent-hub. The server is one of Tests/postgres: it ends with this program, and does not sync its disk.
"""

import argparse
import http.client
import os
import pathlib
import tempfile
import time

import processes

ROOT = pathlib.Path(__file__).resolve().parents[2]
SERVER = ROOT / "Tests/postgres"


class Database:
    """A private server."""

    def __init__(self):
        words = os.popen(f"{SERVER} start {os.getpid()}").read().split()
        self.directory, self.port = words[0], int(words[1])
        self.url = f"postgres://tester:secret@/postgres?host={self.directory}&port={self.port}"

    def ask(self, sql):
        return os.popen(f"psql -qtA '{self.url}' -c \"{sql}\"").read().strip()

    @property
    def cpu_seconds(self):
        main = pathlib.Path(self.directory, "data/postmaster.pid").read_text().splitlines()[0]
        return processes.cpu_seconds(processes.family(int(main)))


def value(text, name):
    return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith(name))


class Scraper:
    """As Prometheus: one connection that is kept, the answer compressed."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        self.latencies = []

    def scrape(self):
        began = time.monotonic()
        self.connection.request("GET", "/metrics", headers={"Accept-Encoding": "gzip"})
        self.connection.getresponse().read()
        self.latencies.append(time.monotonic() - began)


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("hub")
    for name, standard in (("workers", 1000), ("interval", 15), ("hubs", 1), ("seconds", 60), ("scrape", 15), ("scale", 100)):
        words.add_argument(f"--{name}", type=int, default=standard)
    options = words.parse_args()
    processes.prepare()
    database = Database()
    started = []
    with tempfile.TemporaryDirectory() as directory:
        try:
            measure(options, database, pathlib.Path(directory), started)
        finally:
            for program in started:
                program.end()


def measure(options, database, directory, started):
    hubs, scrapers = [], []
    for number in range(options.hubs):
        port = processes.free_port()
        flags = [f"--web.listen-address=127.0.0.1:{port}", f"--store=sqlite:{directory}/{number}.db",
                 f"--postgres.url={database.url}", f"--self-report.name=hub-{number}"]
        flags += ["--postgres.share"] if options.hubs > 1 else []
        hub = processes.Program([options.hub, "serve", *flags], f"http://127.0.0.1:{port}/readyz")
        started.append(hub)
        hubs.append(hub)
        scrapers.append(Scraper(port))
        workers = [f"--hub.url=http://127.0.0.1:{port}", f"--count={options.workers // options.hubs}",
                   f"--interval={options.interval}s", f"--pool=pool-{number}"]
        started.append(processes.Program([options.hub, "simulate-workers", *workers]))
    # Every worker has begun, every series and every row of a component is there.
    time.sleep(options.interval + 5)
    before = reading(hubs, scrapers, database)
    lags = []
    end = time.monotonic() + options.seconds
    due = time.monotonic()
    while time.monotonic() < end:
        for scraper in scrapers:
            scraper.scrape()
        lags.append(lag(scrapers))
        due += options.scrape
        time.sleep(max(0, min(due, end) - time.monotonic()))
    tell(options, before, reading(hubs, scrapers, database), lags, hubs, scrapers)


def lag(scrapers):
    texts = [processes.fetch(f"http://127.0.0.1:{scraper.connection.port}/metrics").decode() for scraper in scrapers]
    return max(value(text, "agent_hub_follower_lag_seconds{") for text in texts)


def reading(hubs, scrapers, database):
    texts = [processes.fetch(f"http://127.0.0.1:{scraper.connection.port}/metrics").decode() for scraper in scrapers]
    return {
        "time": time.monotonic(),
        "reports": sum(value(text, 'agent_hub_reports_total{result="accepted"}') for text in texts),
        "rows": sum(value(text, 'agent_hub_follower_rows_total{follower="postgres",result="written"}') for text in texts),
        "hub": sum(hub.cpu_seconds for hub in hubs),
        "server": database.cpu_seconds,
        "transactions": int(database.ask("SELECT sum(xact_commit) FROM pg_stat_database WHERE datname = 'postgres'")),
        "bytes": int(database.ask("SELECT sum(pg_total_relation_size(inhrelid)) FROM pg_inherits WHERE inhparent = 'noetl.metrics'::regclass")),
    }


def tell(options, before, after, lags, hubs, scrapers):
    change = {name: after[name] - before[name] for name in before}
    seconds, reports, rows = change["time"], max(1, change["reports"]), max(1, change["rows"])
    latencies = sorted(latency for scraper in scrapers for latency in scraper.latencies)
    scale = options.scale
    print(f"| | measured: {options.workers:,} workers, {options.hubs} hub{'s' if options.hubs > 1 else ''} | × {scale} |")
    print("|---|---|---|")

    def row(what, measured, unit, digits=1, scaled=True):
        print(f"| {what} | {measured:,.{digits}f} {unit} | {f'{measured * scale:,.{digits}f} {unit}' if scaled else ''} |")

    row("reports", reports / seconds, "/s")
    row("rows", rows / seconds, "/s")
    row("processor of the hubs", change["hub"] / seconds, "cores", 3)
    row("of that for a report, its rows and scrapes included", change["hub"] / reports * 1e6, "µs", 0, False)
    row("processor of PostgreSQL", change["server"] / seconds, "cores", 3)
    row("of that for a row", change["server"] / rows * 1e6, "µs", 1, False)
    row("transactions", change["transactions"] / seconds, "/s", 1, False)
    row("disk of PostgreSQL, a day", change["bytes"] / seconds * 86_400 / 1e9, "GB")
    row("of that for a row", change["bytes"] / rows, "bytes", 0, False)
    row("most lag", max(lags), "s", 1, False)
    row("scrape, slowest", latencies[-1] * 1000, "ms", 1, False)
    row("memory of a hub", max(hub.resident_bytes for hub in hubs) / 1e6, "MB", 0, False)


main()
