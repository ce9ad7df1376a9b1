"""The hub's history in PostgreSQL while the hub is killed, its connections are ended, or a row is refused: every report that was
answered is in the table, once. KILLS says how often (3)."""

import os
import random
import signal
import time
import unittest

from history import CURSOR, FAILURES, REFUSED, UP, HistoryTestCase
from hubs import report, sample
from load import Load
from support import free_port, wait_until

KILLS = int(os.environ.get("KILLS", "3"))
COPYING = "SELECT pid FROM pg_stat_progress_copy WHERE datname = current_database()"
END_COPY = f"SELECT pg_terminate_backend(pid) FROM ({COPYING}) AS copying"


class Kills(HistoryTestCase):
    def slow_down(self):
        """There is time between rows."""
        self.database.ask(
            "CREATE FUNCTION noetl.slowly() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN PERFORM pg_sleep(0.1); RETURN NEW; END $$; "
            "CREATE TRIGGER slowly BEFORE INSERT ON noetl.metrics FOR EACH ROW WHEN (NEW.metric_value::int % 120 = 0) "
            "EXECUTE FUNCTION noetl.slowly()")

    def test_a_hub_that_is_killed_while_it_writes_has_written_everything_once(self):
        chance = random.Random(seed := random.randrange(2**32))
        port = free_port()
        with Load.on(port, interval=0.01) as load:
            for number in range(KILLS):
                hub = self.hub(port=port, ready=False)
                wait_until(hub.is_listening, what="the hub listens")
                if number == 0:
                    hub.wait_for(UP, "1", 20)
                    self.slow_down()
                wait_until(lambda: self.database.ask(COPYING), 30, "it copies")
                time.sleep(chance.uniform(0, 0.3))
                hub.signal(signal.SIGKILL)
                hub.wait()
                hub.log_file.close()
            with self.hub(port=port) as hub:
                load.end()
                self.assertGreater(len(load.kept), 20 * KILLS, f"seed {seed}")
                self.assert_written(load, hub)

    def test_connections_that_are_ended_in_the_middle_of_rows_lose_and_double_nothing(self):
        with self.hub() as hub, Load.on(hub.port, interval=0.01) as load:
            hub.wait_for(UP, "1", 20)
            self.slow_down()
            for _ in range(KILLS):
                before = self.database.number(CURSOR)
                wait_until(lambda: self.database.ask(END_COPY), 30, "it copies")
                # It has come further, so it waits no longer after the next time.
                wait_until(lambda: self.database.number(CURSOR) > before, 30, "it goes on")
            load.end()
            wait_until(lambda: float(hub.samples[FAILURES]) >= KILLS, what="it has noticed")
            self.assertEqual(load.answers, ({200}, {200}))
            self.assert_written(load, hub)


class Refused(HistoryTestCase):
    def test_a_row_that_the_database_refuses_is_set_aside_with_the_reason_and_stops_no_other(self):
        with self.hub() as hub:
            hub.wait_for(UP, "1", 20)
            odd = -1
            self.database.ask(f"ALTER TABLE noetl.metrics ADD CONSTRAINT not_this CHECK (metric_value <> {odd})")
            with Load.on(hub.port, workers=2) as load:
                wait_until(lambda: len(load.kept) > 50, what="there is load")
                metrics = [sample("n", odd), sample("beside", 1)]
                self.assertEqual(hub.report(report(*metrics, name="odd", report_id="odd")).status, 200)
                wait_until(lambda: len(load.kept) > 100, what="there is load")
            hub.wait_for(REFUSED, "1", 20)
            self.assert_written(load, hub)
            self.assertEqual(
                self.database.number("SELECT count(*) FROM noetl.metrics WHERE metric_name = 'beside'"), 1)
            [[state, reason, value]] = self.database.ask(
                r"SELECT state, reason, split_part(row, E'\t', 8) FROM noetl.refused")
            self.assertEqual((state, value), ("23514", str(odd)))
            self.assertIn('violates check constraint "not_this"', reason)
            self.assertIn("PostgreSQL has refused 1 row: noetl.refused has them", hub.get("/").text)
            wait_until(lambda: "the database has refused rows" in hub.log, what="the log says so")


if __name__ == "__main__":
    unittest.main()
