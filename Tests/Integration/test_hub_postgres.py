"""The hub's history in PostgreSQL while the server is down: nobody who reports or scrapes notices, and every report that was
answered is in the table afterwards, once.

SECONDS says for how long it is down (10); from 60 on answers must be as quick as those of a hub beside it that has no PostgreSQL.
"""

import json
import os
import time
import unittest

from databases import PASSWORD
from history import LAG, UP, HistoryTestCase
from hubs import Hub
from load import Load, percentiles
from support import is_sanitized, wait_until

SECONDS = float(os.environ.get("SECONDS", "10"))
# Kilobytes that a hub may have beside what it had before: it keeps nothing in memory for a database that is down.
GROWTH = 30_000
PACE = {"workers": 4, "interval": 0.04, "scrape_interval": 0.05}


class Down(HistoryTestCase):
    def test_a_server_that_is_down_is_noticed_by_nobody_and_has_everything_once_when_it_is_back(self):
        self.addCleanup(self.cluster.resume)
        other = Hub(f"--store=sqlite:{self.directory}/other.db")
        with other, self.hub() as hub, Load.on(hub.port, **PACE) as load, Load.on(other.port, **PACE) as beside:
            hub.wait_for(UP, "1", 20)
            wait_until(lambda: len(load.kept) > 200, what="there is load")
            before = hub.resident_kilobytes
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
                # It has as much to do.
                self.assertEqual(other.get("/readyz").status, 200)
                self.assertNotIn(UP, other.samples)
                time.sleep(0.5)
            end = time.monotonic()
            self.assertGreater(lags[-1], SECONDS / 2)
            self.assertLess(lags[0], lags[-1])
            self.says_why(hub)
            self.cluster.resume()
            load.end()
            beside.end()
            self.assertEqual(load.answers, ({200}, {200}))
            self.assert_written(load, hub)
            if not is_sanitized():
                self.assertLess(max(memory) - before, GROWTH)
            self.assertIn('msg="the history is written"', hub.log)
            print(f"\n{len(load.kept)} reports; {max(memory) - before} kB more memory while it was down")
            self.compare(load, beside, down, end)

    def says_why(self, hub):
        page, status = hub.get("/").text, json.loads(hub.get("/status.json").text)
        self.assertIn("PostgreSQL is not written", page)
        [problem] = [problem for problem in status["problems"] if problem["code"] == "history_waits"]
        self.assertIn(str(self.cluster.port), problem["sentence"])
        self.assertIn('msg="the history is not written"', hub.log)
        for text in (page, json.dumps(status), hub.log, hub.get("/healthz").text):
            self.assertNotIn(PASSWORD, text)

    def compare(self, load, beside, begin, end):
        """What it costs those who report and scrape that the server is down."""
        for what, times in (("reports", Load.reports_between), ("scrapes", Load.scrapes_between)):
            ours, others = (percentiles(times(one, begin, end)) for one in (load, beside))
            ratios = [our / other for our, other in zip(ours, others, strict=True)]
            print(f"{what}: p50 {ours[0] * 1e3:.2f} ms, p99 {ours[1] * 1e3:.2f} ms while it is down; "
                  f"{ratios[0]:.2f} and {ratios[1]:.2f} times those of a hub without PostgreSQL")
            if SECONDS >= 60:
                self.assertLessEqual(ratios[1], 1.2, what)


if __name__ == "__main__":
    unittest.main()
