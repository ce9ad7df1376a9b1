"""The hub's history in PostgreSQL while the server is down: nobody who reports or scrapes notices, and every report that was
answered is in the table afterwards, once.

SECONDS says for how long it is down (10); from 60 on answers must be as quick as while it is up.
"""

import json
import os
import time
import unittest

from databases import PASSWORD
from history import LAG, UP, HistoryTestCase
from load import Load, percentiles
from support import is_sanitized, wait_until

SECONDS = float(os.environ.get("SECONDS", "10"))
# Kilobytes that a hub may have beside what it had before: it keeps nothing in memory for a database that is down.
GROWTH = 30_000


class Down(HistoryTestCase):
    def test_a_server_that_is_down_is_noticed_by_nobody_and_has_everything_once_when_it_is_back(self):
        self.addCleanup(self.cluster.resume)
        with self.hub() as hub, Load.on(hub.port) as load:
            hub.wait_for(UP, "1", 20)
            wait_until(lambda: len(load.kept) > 200, what="there is load")
            before = hub.resident_kilobytes
            up = time.monotonic()
            # As long as it is down afterwards, where that is measured.
            wait_until(lambda: time.monotonic() - up > (SECONDS if SECONDS >= 60 else 1), SECONDS + 5)
            self.cluster.stop()
            down = time.monotonic()
            hub.wait_for(UP, "0", 10)
            lags, memory = [], []
            while time.monotonic() - down < SECONDS:
                self.assertEqual(hub.get("/readyz").status, 200)
                samples = hub.samples
                self.assertEqual(samples[UP], "0")
                lags.append(float(samples[LAG]))
                memory.append(hub.resident_kilobytes)
                time.sleep(0.25)
            end = time.monotonic()
            self.assertGreater(lags[-1], SECONDS / 2)
            self.assertLess(lags[0], lags[-1])
            self.says_why(hub)
            self.cluster.resume()
            load.end()
            self.assertEqual(load.answers, ({200}, {200}))
            self.assert_written(load, hub)
            if not is_sanitized():
                self.assertLess(max(memory) - before, GROWTH)
            self.assertIn('msg="the history is written"', hub.log)
            self.compare(load, up, down, end, max(memory) - before)

    def says_why(self, hub):
        page, status = hub.get("/").text, json.loads(hub.get("/status.json").text)
        self.assertIn("PostgreSQL is not written", page)
        [problem] = [problem for problem in status["problems"] if problem["code"] == "history_waits"]
        self.assertIn(str(self.cluster.port), problem["sentence"])
        self.assertIn('msg="the history is not written"', hub.log)
        for text in (page, json.dumps(status), hub.log, hub.get("/healthz").text):
            self.assertNotIn(PASSWORD, text)

    def compare(self, load, up, down, end, growth):
        """What it costs those who report and scrape that the server is down."""
        for what, between in (("reports", load.reports_between), ("scrapes", load.scrapes_between)):
            with_server, without = percentiles(between(up, down)), percentiles(between(down, end))
            ratios = [after / before for before, after in zip(with_server, without, strict=True)]
            print(f"\n{what}: p50 {without[0] * 1e3:.2f} ms, p99 {without[1] * 1e3:.2f} ms while it is down; "
                  f"{ratios[0]:.2f} and {ratios[1]:.2f} times those while it is up", end="")
            if SECONDS >= 60:
                self.assertLessEqual(ratios[1], 1.2, what)
        print(f"\n{len(load.kept)} reports; {growth} kB more memory while it was down")

if __name__ == "__main__":
    unittest.main()
