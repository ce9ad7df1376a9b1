"""The hub's history when its PostgreSQL is replaced by a replica: every report that was answered is there afterwards, once."""

import unittest

from history import CURSOR, UP, HistoryTestCase
from load import Load
from support import wait_until


class Replica(HistoryTestCase):
    def test_what_a_replica_had_not_received_when_it_became_the_first_is_written_again(self):
        replica = self.cluster.replica()
        behind = replica.database(self.database.name)
        hosts = f"127.0.0.1:{self.cluster.port},127.0.0.1:{replica.port}"
        url = self.database.url(hosts=hosts, target_session_attrs="read-write")
        with self.hub(url=url) as hub, Load.on(hub.port) as load:
            hub.wait_for(UP, "1", 20)
            wait_until(lambda: self.database.number(CURSOR) > 0, 20, "it writes")
            wait_until(lambda: behind.written, 20, "the replica has some of it")
            # From now on it receives nothing.
            behind.ask("ALTER SYSTEM SET primary_conninfo = ''")
            behind.ask("SELECT pg_reload_conf()")
            wait_until(lambda: behind.number("SELECT count(*) FROM pg_stat_wal_receiver") == 0, 20, "it is cut off")
            received = behind.number(CURSOR)
            wait_until(lambda: self.database.number(CURSOR) > received + 100, 20, "the first has more")
            self.cluster.stop("immediate")
            replica.promote()
            load.end()
            self.assertEqual(load.answers, ({200}, {200}))
            self.database = behind
            self.assertLess(behind.number(CURSOR), len(load.kept))
            self.assert_written(load, hub)


if __name__ == "__main__":
    unittest.main()
