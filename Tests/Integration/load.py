"""Load on hubs: who reports one number after the other, each with its own identity, until it is answered; and who scrapes meanwhile."""

import collections
import http.client
import itertools
import json
import random
import statistics
import threading
import time

from hubs import report, sample

# For so long a report is sent again, in seconds.
PATIENCE = 30


class Asker(threading.Thread):
    """Asks one server after the other, on connections that stay open, and notes how long answers take."""

    def __init__(self, ports, interval, timeout=5, delay=0, jitter=0):
        super().__init__(daemon=True)
        self.ports = collections.deque(ports)
        self.interval = interval
        self.timeout = timeout
        # Part of the first interval, so that not all ask at once.
        self.delay = delay * interval
        # By such a part each interval is longer or shorter, so that those who have one interval do not stay in step.
        self.jitter = jitter
        self.connection = None
        self.statuses = collections.Counter()
        self.times = []
        self.is_over = threading.Event()

    def ask(self, method, path, body=None):
        """An answer, or None: then the next server is asked next."""
        began = time.monotonic()
        try:
            if not self.connection:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.ports[0], timeout=self.timeout)
            self.connection.request(method, path, body)
            answer = self.connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            self.statuses["none"] += 1
            self.leave()
            self.ports.rotate(-1)
            return None
        self.statuses[answer.status] += 1
        self.times.append((began, time.monotonic() - began))
        return answer.status, text

    def leave(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def run(self):
        due = time.monotonic() + self.delay
        self.is_over.wait(self.delay)
        while not self.is_over.is_set():
            self.once()
            step = self.interval * random.uniform(1 - self.jitter, 1 + self.jitter)
            due = max(due + step, time.monotonic() - self.interval)
            self.is_over.wait(max(0, due - time.monotonic()))
        self.leave()


class Reporter(Asker):
    """Says the same report again, to the next hub, until it is answered with 200. No two numbers are the same."""

    numbers = itertools.count(1)

    def __init__(self, name, ports, interval, **settings):
        super().__init__(ports, interval, **settings)
        self.name_of_component = name
        self.kept = []
        self.has_given_up = False

    def once(self):
        number = next(self.numbers)
        body = json.dumps(report(sample("n", number), name=self.name_of_component, report_id=f"r{number}"))
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            answer = self.ask("POST", "/api/metrics/report", body)
            if answer and answer[0] == 200:
                self.answered(number, body)
                return
            time.sleep(0.02)
        self.has_given_up = True

    def answered(self, number, body):
        self.kept.append(number)

    @property
    def longest_gap(self):
        """Between two answers, in seconds."""
        ends = [began + took for began, took in self.times]
        return max((after - before for before, after in zip(ends, ends[1:])), default=0)


class Scraper(Asker):
    def __init__(self, ports, interval, look=lambda text: None, **settings):
        super().__init__(ports, interval, **settings)
        self.look = look

    def once(self):
        answer = self.ask("GET", "/metrics")
        if answer:
            self.look(answer[1].decode())


class Load:
    """Some reporters and a scraper, as long as a `with` lasts; none ends before its last report is answered."""

    def __init__(self, reporters, scraper):
        self.reporters = reporters
        self.scraper = scraper

    @classmethod
    def on(cls, *ports, workers=4, interval=0.02, scrape_interval=0.1):
        reporters = [Reporter(f"w{number}", ports, interval, jitter=0.5) for number in range(workers)]
        return cls(reporters, Scraper(ports, scrape_interval, jitter=0.5))

    def __enter__(self):
        for thread in (*self.reporters, self.scraper):
            thread.start()
        return self

    def __exit__(self, *_):
        self.end()

    def end(self):
        for thread in (*self.reporters, self.scraper):
            thread.is_over.set()
        for thread in (*self.reporters, self.scraper):
            thread.join()
        assert not any(reporter.has_given_up for reporter in self.reporters), f"nobody answered for {PATIENCE} s"

    @property
    def kept(self):
        return [number for reporter in self.reporters for number in list(reporter.kept)]

    @property
    def answers(self):
        """Statuses of reports, and of scrapes."""
        reports = sum((reporter.statuses for reporter in self.reporters), collections.Counter())
        return set(reports), set(self.scraper.statuses)

    def reports_between(self, begin, end):
        return between(begin, end, *self.reporters)

    def scrapes_between(self, begin, end):
        return between(begin, end, self.scraper)


def between(begin, end, *askers):
    """How long answers took to what was asked meanwhile, in seconds."""
    return [took for asker in askers for began, took in list(asker.times) if begin <= began < end]


def percentiles(times):
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return cuts[49], cuts[98]
