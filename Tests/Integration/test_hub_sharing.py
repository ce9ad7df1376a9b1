"""Two hubs over one database, each with a store of its own: when one is killed, or restarted, the other exports everything, and every
report that was answered is in the database, once, also when it was sent to both.

WORKERS report (100), each every INTERVAL seconds (2); SECONDS says for how long before a hub is killed (5).
"""

import os
import re
import signal
import time
import unittest

from history import DUPLICATES, UP, HistoryTestCase
from hubs import Hub
from load import Load, Reporter, Scraper
from support import free_port, wait_until

WORKERS = int(os.environ.get("WORKERS", "100"))
INTERVAL = float(os.environ.get("INTERVAL", "2"))
SECONDS = float(os.environ.get("SECONDS", "5"))
# What is exported is made once a second; another second for what is under way.
ALLOWANCE = 2


class Doubtful(Reporter):
    """Has no answer to every third report, as far as it knows, and sends it to the other hub, too."""

    longest_gap = 0
    answered_at = None

    def answered(self, number, body):
        super().answered(number, body)
        now = time.monotonic()
        self.longest_gap = max(self.longest_gap, now - (self.answered_at or now))
        self.answered_at = now
        if len(self.kept) % 3 == 0:
            self.leave()
            self.ports.rotate(-1)
            self.ask("POST", "/api/metrics/report", body)


class Ages:
    """How old the last report of each component is in an export, at its oldest since the component began to report."""

    LINE = re.compile(r'^agent_hub_last_report_timestamp_seconds\{component="(w\d+)",.*\} (\S+)$', re.MULTILINE)

    def __init__(self):
        self.last = {}
        self.oldest = {}

    def look(self, text):
        now = time.time()
        self.last |= {name: float(moment) for name, moment in self.LINE.findall(text)}
        # Also of those that are not in it any more.
        for name, moment in self.last.items():
            self.oldest[name] = max(self.oldest.get(name, 0), now - moment)


class TwoHubs(HistoryTestCase):
    def setUp(self):
        super().setUp()
        self.ports = [free_port(), free_port()]

    def started(self, number):
        """Each has a store, and all have the database."""
        return Hub(f"--store=sqlite:{self.directory}/{number}.db", f"--postgres.url={self.database.url()}", "--postgres.share",
                   f"--self-report.name=hub-{number}", port=self.ports[number], ready=False)

    def hubs(self, *numbers):
        hubs = [self.started(number) for number in numbers]
        for hub in hubs:
            wait_until(hub.is_ready, 20, "the hub is ready")
            hub.wait_for(UP, "1", 20)
        return hubs

    def load(self, look=lambda text: None):
        """Half of the workers report to one, and half to the other, as long as that answers. The second is scraped."""
        workers = [
            Doubtful(f"w{number}", self.ports[:: 1 if number % 2 else -1], INTERVAL, timeout=2, delay=number / WORKERS)
            for number in range(WORKERS)
        ]
        return Load(workers, Scraper(self.ports[1:], 0.2, look))

    def pass_time(self, seconds):
        end = time.monotonic() + seconds
        wait_until(lambda: time.monotonic() > end, seconds + 5)

    def test_when_one_is_killed_the_other_exports_everything_without_a_gap(self):
        ages = Ages()
        first, second = self.hubs(0, 1)
        with second, self.load(ages.look) as load:
            wait_until(lambda: len(ages.last) == WORKERS, 20, "the second hub exports everything")
            self.pass_time(SECONDS)
            before = max(ages.oldest.values())
            first.signal(signal.SIGKILL)
            first.wait()
            first.log_file.close()
            # For as long as a gap would last.
            self.pass_time(max(SECONDS, 2 * INTERVAL + ALLOWANCE))
            # What the first has taken and not written is in its store.
            [again] = self.hubs(0)
            with again:
                load.end()
                print(f"\nthe oldest report in the export of the other hub: {before:.2f} s before, {max(ages.oldest.values()):.2f} s in all")
                for worker in load.reporters:
                    # As long as its intervals really were.
                    limit = 2 * max(INTERVAL, worker.longest_gap) + ALLOWANCE
                    self.assertLess(ages.oldest[worker.name_of_component], limit, worker.name_of_component)
                self.assert_written(load, again, second)
                self.assertGreater(float(second.samples[DUPLICATES]) + float(again.samples[DUPLICATES]), 0)

    def test_a_restart_of_one_after_the_other_loses_nothing(self):
        hubs = self.hubs(0, 1)
        with self.load() as load:
            for number in range(2):
                wait_until(lambda goal=len(load.kept) + WORKERS // 2: len(load.kept) > goal, 20, "there is load")
                hubs[number].signal(signal.SIGTERM)
                self.assertEqual(hubs[number].wait(), 0, hubs[number].log)
                hubs[number].log_file.close()
                [hubs[number]] = self.hubs(number)
            with hubs[0], hubs[1]:
                load.end()
                self.assert_written(load, *hubs)


if __name__ == "__main__":
    unittest.main()
