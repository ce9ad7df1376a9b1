"""What an operator does with the hub's history in PostgreSQL: `postgres init` and `status`, another password, a role that may not
make tables, and no PostgreSQL any more."""

import sqlite3
import subprocess
import unittest

from databases import PASSWORD
from history import UP, WRITTEN, HistoryTestCase
from hubs import HUB, Hub, report, sample
from support import free_port, surroundings, wait_until

def hub_run(*arguments):
    return subprocess.run([HUB, *arguments], capture_output=True, text=True, timeout=60, env=surroundings())


class OperatorTestCase(HistoryTestCase):
    def role(self, name, password="first"):
        """A new role, which goes with the database."""
        name = f"{name}_{self.database.name}"
        self.database.ask(f"CREATE ROLE {name} LOGIN PASSWORD '{password}'")
        return name


class Commands(OperatorTestCase):
    def postgres(self, word, url=None):
        return hub_run("postgres", word, f"--postgres.url={url or self.database.url()}")

    def test_init_makes_the_tables_once_and_status_says_what_is_there(self):
        place = f"127.0.0.1:{self.cluster.port}/{self.database.name}"
        status = self.postgres("status")
        self.assertEqual((status.returncode, status.stderr), (1, ""))
        self.assertIn(f"{place}: there are no tables yet: `postgres init` makes them", status.stdout)
        for words in ("the tables are made, version 1", "the tables were there, version 1"):
            made = self.postgres("init")
            self.assertEqual((made.returncode, made.stdout, made.stderr), (0, f"{place}: {words}\n", ""))
        empty = self.postgres("status")
        self.assertEqual((empty.returncode, empty.stderr), (0, ""))
        self.assertRegex(empty.stdout, r"(?s)server +PostgreSQL 15.*schema noetl, version 1.*, 3 days.*components +0")
        with Hub(self.store, f"--postgres.url={self.database.url()}") as hub:
            self.assertEqual(hub.report(report(sample(), sample("other"))).status, 200)
            hub.wait_for(WRITTEN, "2", 20)
        full = self.postgres("status")
        self.assertEqual(full.returncode, 0)
        self.assertRegex(full.stdout, r"(?s)components +1\n.*hub +log [0-9a-f-]{36}: up to report 1, [^\n]+ old\n$")

    def test_who_cannot_connect_is_told_why_and_no_password(self):
        wrong = self.database.url(password="hunter2")
        nobody = self.database.url(password="hunter2", hosts=f"127.0.0.1:{free_port()}")
        for word in ("init", "status"):
            for url, reason in ((wrong, "password authentication failed"), (nobody, "Connection refused")):
                refused = self.postgres(word, url)
                self.assertEqual((refused.returncode, refused.stdout), (1, ""), refused.stderr)
                self.assertIn(reason, refused.stderr)
                self.assertNotIn("hunter2", refused.stderr)

    def test_what_is_said_wrong_is_a_usage_error(self):
        address = f"--postgres.url={self.database.url()}"
        for words in (("postgres", "init"), ("postgres", address), ("postgres", "drop", address),
                      ("postgres", "status", "--postgres.url=postgres://a:hunter2@h:%zz/d")):
            refused = hub_run(*words)
            self.assertEqual(refused.returncode, 2, refused.stderr)
            self.assertNotIn("hunter2", refused.stderr)
        memory = hub_run("serve", "--store=memory", address)
        self.assertEqual(memory.returncode, 2)
        self.assertIn("PostgreSQL is written from a log on a disk, and --store=memory has none", memory.stderr)
        self.assertNotIn(PASSWORD, memory.stderr)
        share = hub_run("serve", self.store, "--postgres.share")
        self.assertEqual(share.returncode, 2)
        self.assertIn("--postgres.url-file", share.stderr)


class Passwords(OperatorTestCase):
    def test_another_password_in_the_file_is_used_for_the_next_connection(self):
        role = self.role("rotated")
        self.database.ask(f"GRANT CREATE ON DATABASE {self.database.name} TO {role}")
        file = self.directory / "url"
        file.write_text(self.database.url(role, "first") + "\n")
        with Hub(self.store, f"--postgres.url-file={file}") as hub:
            hub.wait_for(UP, "1", 20)
            self.assertEqual(hub.report(report()).status, 200)
            hub.wait_for(WRITTEN, "1", 20)
            self.database.ask(f"ALTER ROLE {role} PASSWORD 'second'")
            # Who is connected stays so.
            self.assertEqual(hub.report(report()).status, 200)
            hub.wait_for(WRITTEN, "2", 20)
            # It is noticed also while nobody reports.
            self.database.disconnect()
            wait_until(lambda: "password authentication failed" in hub.get("/").text, 20, "it is refused")
            hub.wait_for(UP, "0")
            self.assertEqual(hub.report(report()).status, 200)
            file.write_text(self.database.url(role, "second"))
            hub.wait_for(WRITTEN, "3", 20)
            for password in ("first", "second"):
                self.assertNotIn(f":{password}@", hub.log)
        self.assertEqual(self.database.number("SELECT count(*) FROM noetl.metrics"), 3)


class Rights(OperatorTestCase):
    def test_a_role_that_may_not_make_tables_writes_while_there_are_days_and_says_what_is_missing_then(self):
        role = self.role("writer")
        made = hub_run("postgres", "init", f"--postgres.url={self.database.url()}")
        self.assertEqual(made.returncode, 0, made.stderr)
        self.database.ask(
            f"GRANT USAGE ON SCHEMA noetl TO {role}; "
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA noetl TO {role}")
        with Hub(self.store, f"--postgres.url={self.database.url(role, 'first')}", "--postgres.share") as hub:
            self.assertEqual(hub.report(report(report_id="a")).status, 200)
            hub.wait_for(WRITTEN, "1", 20)
            hub.wait_for("agent_hub_sharing_up", "1")
            # As when nobody has made the days that came since.
            self.database.ask("DO $$ DECLARE day text; BEGIN FOR day IN "
                              "SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'noetl.metrics'::regclass "
                              "LOOP EXECUTE 'DROP TABLE ' || day; END LOOP; END $$")
            self.assertEqual(hub.report(report(report_id="b")).status, 200)
            wait_until(lambda: "the history is not written" in hub.log, 20, "it says that it cannot")
            [line] = [line for line in hub.log.splitlines() if "the history is not written" in line]
            self.assertRegex(line, r"metrics_20\d{6}", "it says which table is missing")
            self.assertIn("postgres init", line)
            made = hub_run("postgres", "init", f"--postgres.url={self.database.url()}")
            self.assertEqual(made.returncode, 0, made.stderr)
            hub.wait_for(WRITTEN, "2", 30)
        self.assertEqual(self.database.number("SELECT count(*) FROM noetl.metrics"), 1)


class Without(OperatorTestCase):
    def followers(self):
        with sqlite3.connect(f"file:{self.directory}/h.db?mode=ro", uri=True) as log:
            return [name for [name] in log.execute("SELECT follower FROM cursor")]

    def test_the_log_is_not_held_any_more_for_a_database_that_is_not_named_any_more(self):
        with Hub(self.store, f"--postgres.url={self.database.url()}") as hub:
            wait_until(lambda: self.followers() == ["postgres"], 20, "the log is held")
            self.assertEqual(hub.report(report()).status, 200)
        self.assertEqual(self.followers(), ["postgres"])
        with Hub(self.store) as hub:
            wait_until(lambda: self.followers() == [], 10, "the log is not held")
            self.assertNotIn(UP, hub.samples)


if __name__ == "__main__":
    unittest.main()
