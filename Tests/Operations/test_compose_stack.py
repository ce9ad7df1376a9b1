"""The compose stack does what its page says, as far as that can be seen without containers."""

import pathlib
import re
import tempfile
import unittest

from locks import block, shell
from stack import FOLDER, LISTENS, Stack
from support import rules, run, wait_until

PIPELINE = 'dataflow_batches_processed_total{pipeline_id="webhook"}'


class Promises:
    """What is true of the stack, locked or not; a mixin for a TestCase whose class has the stack."""

    def test_every_job_finds_its_targets(self):
        wanted = {("agent-exporter", 2), ("webhook", 1), ("dataflow-platform", 1), ("agent-hub", 1)}
        up = "count by (job) (up == 1)"
        wait_until(lambda: {(labels["job"], value) for labels, value in self.stack.wait_for(up)} == wanted, 30, up)
        self.assertEqual(self.stack.wait_for("count(up)"), [({}, 5)])

    def test_every_health_check_is_content(self):
        for name, service in self.stack.services.items():
            if (name in LISTENS or name == "postgres") and "test" in service["healthcheck"]:
                wait_until(lambda: self.stack.is_healthy(name), 15, f"{name} is healthy")
                self.assertNotEqual(name, "shop")

    def test_webhooks_of_the_shop_are_taken_and_processed(self):
        self.stack.wait_for('webhook_requests_total{job="webhook", status="success"} > 5')
        self.stack.wait_for(f"{PIPELINE} > 5")

    def test_each_exporter_sees_its_agent(self):
        wait_until(lambda: self.stack.wait_for("count(app_agent_status == 1)") == [({}, 2)], what="both are seen")

    def test_the_worker_is_counted_once(self):
        """Though the hub is told of it, and exports it."""
        self.stack.wait_for('noetl_worker_active_tasks{job="agent-hub", component="worker-cpu", instance="webhook"}')
        for name in ("dataflow_batches_processed_total", "app_completed_tasks_total", "pipeline_worker_mailbox_depth", "process_threads"):
            found = self.stack.wait_for(name)
            self.assertEqual([labels["job"] for labels, _ in found], ["dataflow-platform"], name)

    def test_what_the_hub_is_told_is_in_the_database(self):
        query = "SELECT count(*) FROM noetl.metric WHERE metric_name = 'dataflow_batches_processed_total'"
        wait_until(lambda: int(self.stack.ask_database(query) or 0) > 1, 30, "two reports are there")

    def test_no_rule_fails(self):
        recorded = {rule["record"] for rule in rules() if "record" in rule}
        self.stack.wait_for(f'{{__name__=~"{"|".join(sorted(recorded))}"}}')
        evaluated = lambda: {group["name"]: group["lastEvaluation"] > "0002" for group in self.stack.prometheus.ask("rules")["groups"]}
        wait_until(lambda: all(evaluated().values()) and len(evaluated()) > 5, 30, "all are evaluated")
        for group in self.stack.prometheus.ask("rules")["groups"]:
            for rule in group["rules"]:
                self.assertEqual(rule.get("lastError", ""), "", rule["name"])

    def test_the_command_of_the_page_sends_five_more(self):
        (line,) = re.findall(rf"^agent-exporter simulate-webhook .* {self.secret} --count 5$", (FOLDER / "README.md").read_text(), re.M)
        line = line.replace("localhost:5000", f"localhost:{self.stack.ports['webhook:5000']}")
        with tempfile.TemporaryDirectory() as folder:
            if self.stack.secrets:
                pathlib.Path(folder, "secrets").symlink_to(self.stack.secrets)
            shell(line, folder)

    def test_no_secret_is_in_a_log(self):
        self.stack.wait_for(PIPELINE)
        for name, process in self.stack.processes.items():
            self.assertIsNone(process.process.poll(), f"{name}\n{process.output}")
            for secret in self.secrets:
                self.assertNotIn(secret, process.output, name)


class Open(Promises, unittest.TestCase):
    secret = "mysecretkey"

    @classmethod
    def setUpClass(cls):
        cls.stack = cls.enterClassContext(Stack())
        cls.secrets = [cls.stack.services["webhook"]["environment"]["WEBHOOK_SECRET"], cls.stack.login["PGPASSWORD"] + "@"]


class Locked(Promises, unittest.TestCase):
    secret = "--secret-file secrets/webhook-secret"

    @classmethod
    def setUpClass(cls):
        directory = cls.enterClassContext(tempfile.TemporaryDirectory())
        shell(block("secrets", FOLDER / "README.md"), directory)
        folder = pathlib.Path(directory, "secrets")
        cls.stack = cls.enterClassContext(Stack(folder))
        cls.secrets = [(folder / name).read_text() for name in ("password", "webhook-secret", "postgres-password")]

    def test_the_certificate_has_the_names_that_prometheus_asks(self):
        certificate = self.stack.secrets / "server.crt"
        for name in ("metrics-exporter", "webhook-exporter", "localhost"):
            self.assertIn(" does match", run("openssl", "x509", "-in", certificate, "-noout", "-checkhost", name))

    def test_the_secrets_that_anybody_can_read_open_nothing(self):
        address = f"http://localhost:{self.stack.ports['webhook:5000']}/webhook"
        with self.assertRaises(AssertionError), tempfile.TemporaryDirectory() as folder:
            shell(f"agent-exporter simulate-webhook {address} mysecretkey", folder)


if __name__ == "__main__":
    unittest.main()
