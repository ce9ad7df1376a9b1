"""The hub's history in a PostgreSQL whose disk is full, whose network swallows everything, and which hangs: reports and scrapes go on,
and every report that was answered is in the table afterwards, once. SECONDS says for how long (3); from 70 on a server that hangs is
given up meanwhile, and the network's limits are those that the hub has by default.
"""

import contextlib
import os
import time
import unittest

from databases import Cluster
from history import CURSOR, FAILURES, LAG, UP, HistoryTestCase
from load import Load
from networks import FarServer
from support import wait_until

SECONDS = float(os.environ.get("SECONDS", "3"))

ROOT = unittest.skipUnless(os.geteuid() == 0, "only root mounts disks and makes networks")


class FaultTestCase(HistoryTestCase):
    def is_written(self, load):
        """Reports that were made from now on."""
        before = self.database.number(CURSOR)
        wait_until(lambda: self.database.number(CURSOR) > before, 60, "it goes on")

    def stays_unnoticed(self, hub, load, seconds):
        """By those who report and scrape. Whoever waited for the database would wait until it is there again; a disk that others
        write on, too, takes a while."""
        before = float(hub.samples["agent_hub_samples_total"])
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.assertEqual(hub.get("/readyz").status, 200)
            kept = len(load.kept)
            wait_until(lambda: len(load.kept) > kept + 10, 10, "reports are taken")
        # And what is scraped is new.
        wait_until(lambda: float(hub.samples["agent_hub_samples_total"]) > before, 10, "the export goes on")
        self.assertEqual(load.answers, ({200}, {200}))


@ROOT
class FullDisk(FaultTestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster(size="96m")

    def fill(self):
        """Until there is no room for a byte."""
        with open(f"{self.cluster.directory}/filler", "ab", buffering=0) as file, contextlib.suppress(OSError):
            for size in (1 << 20, 1 << 12):
                with contextlib.suppress(OSError):
                    while True:
                        file.write(bytes(size))

    def test_a_disk_that_is_full_is_noticed_by_nobody(self):
        with self.hub() as hub, Load.on(hub.port) as load:
            hub.wait_for(UP, "1", 20)
            self.is_written(load)
            failures = float(hub.samples[FAILURES])

            def has_failed():
                self.fill()
                return float(hub.samples[FAILURES]) > failures

            wait_until(has_failed, 60, "it does not write any more")
            self.stays_unnoticed(hub, load, SECONDS / 2)
            wait_until(lambda: "the history is not written" in hub.log)
            os.unlink(f"{self.cluster.directory}/filler")
            # Without room for its own log it has ended.
            self.cluster.resume()
            load.end()
            self.assert_written(load, hub)
            with open(f"{self.cluster.directory}/log") as log:
                self.assertIn("No space left on device", log.read())


class Silence(FaultTestCase):
    @ROOT
    def test_a_network_that_swallows_everything_is_noticed_by_nobody_but_the_follower(self):
        with FarServer(f"{self.cluster.directory}/.s.PGSQL.{self.cluster.port}") as far:
            limits = {} if SECONDS >= 70 else {"connect_timeout": 2, "tcp_user_timeout": 2000}
            url = self.database.url(hosts=f"{far.address}:{far.port}", **limits)
            with self.hub(url=url) as hub, Load.on(hub.port) as load:
                hub.wait_for(UP, "1", 20)
                self.is_written(load)
                far.swallow()
                began = time.monotonic()
                hub.wait_for(UP, "0", 60)
                # A second until there is something to write, and two, or 20, until nobody has acknowledged it.
                self.assertLess(time.monotonic() - began, 10 if limits else 30)
                self.stays_unnoticed(hub, load, SECONDS / 2)
                self.assertGreater(float(hub.samples[LAG]), SECONDS / 2)
                far.deliver()
                load.end()
                self.assert_written(load, hub)

    def test_a_server_that_hangs_is_noticed_by_nobody(self):
        with self.hub() as hub, Load.on(hub.port) as load:
            hub.wait_for(UP, "1", 20)
            self.is_written(load)
            with self.cluster.hanging():
                self.stays_unnoticed(hub, load, SECONDS)
                if SECONDS >= 70:
                    self.assertEqual(hub.samples[UP], "0")
                    self.assertGreater(float(hub.samples[LAG]), SECONDS / 2)
            load.end()
            self.assert_written(load, hub)


if __name__ == "__main__":
    unittest.main()
