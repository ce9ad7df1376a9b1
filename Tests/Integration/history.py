"""A hub whose history is in PostgreSQL, and what is true of it afterwards."""

import pathlib
import tempfile
import unittest

from databases import Cluster
from hubs import Hub
from support import wait_until

UP = 'agent_hub_follower_up{follower="postgres"}'
LAG = 'agent_hub_follower_lag_seconds{follower="postgres"}'
BACKLOG = 'agent_hub_follower_backlog_reports{follower="postgres"}'
FAILURES = 'agent_hub_follower_failures_total{follower="postgres"}'
WRITTEN = 'agent_hub_follower_rows_total{follower="postgres",result="written"}'
REFUSED = 'agent_hub_follower_rows_total{follower="postgres",result="refused"}'
DUPLICATES = 'agent_hub_follower_reports_total{follower="postgres",result="duplicate"}'

# How far all hubs have come together.
CURSOR = "SELECT coalesce(sum(sequence), 0) FROM noetl.cursors"
# Until then everything is in the database: the hub waits 30 s between two attempts at most, and 60 s for one.
SOON = 100


class HistoryTestCase(unittest.TestCase):
    """Each test has a store, and a database of the class's server."""

    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster()

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = pathlib.Path(directory.name)
        self.store = f"--store=sqlite:{directory.name}/h.db"
        self.database = self.cluster.database()

    def hub(self, *flags, url=None, **settings):
        return Hub(self.store, f"--postgres.url={url or self.database.url()}", *flags, **settings)

    def assert_written(self, load, *hubs):
        """Every number that was answered is there, no number twice, and none that nobody sent; and the hubs say so."""
        found = {}

        def is_there():
            found.update(self.database.written)
            return set(load.kept) <= found.keys()

        wait_until(is_there, SOON, what="everything is in the database")
        for hub in hubs:
            for series, value in ((UP, "1"), (BACKLOG, "0"), (LAG, "0")):
                hub.wait_for(series, value, SOON)
        found.update(self.database.written)
        self.assertEqual([number for number, times in found.items() if times > 1], [], "in the database twice")
        self.assertEqual(found.keys() - set(load.kept), set(), "in the database, and nobody was told so")
