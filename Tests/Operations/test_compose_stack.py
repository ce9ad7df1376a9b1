"""The compose stack does what its page says, as far as that can be seen without containers."""

import json
import pathlib
import re
import tempfile
import unittest

from locks import block, shell
from stack import FOLDER, LISTENS, Stack
from support import rules, run, wait_until

PIPELINES = "webhook", "pipeline-123"
EXPORTERS = "metrics-exporter", "webhook-exporter", "webhook-2-exporter"
WORKERS = "webhook", "webhook-2"


class Promises:
    """What is true of the stack, locked or not; a mixin for a TestCase whose class has the stack."""

    def test_every_job_finds_its_targets(self):
        wanted = {("agent-exporter", 1), ("workers/agent-exporter", 2), ("webhook", 2), ("dataflow-platform", 2), ("agent-hub", 1)}
        up = "count by (job) (up == 1)"
        wait_until(lambda: {(labels["job"], value) for labels, value in self.stack.wait_for(up)} == wanted, 30, up)
        self.assertEqual(self.stack.wait_for("count(up)"), [({}, 8)])

    def test_every_health_check_is_content(self):
        for name, service in self.stack.services.items():
            if (name in LISTENS or name == "postgres") and "test" in service["healthcheck"]:
                wait_until(lambda: self.stack.is_healthy(name), 15, f"{name} is healthy")
                self.assertNotIn(name, ("shop", "shop-2"))

    def test_webhooks_of_the_shops_are_taken_and_processed(self):
        for name, pipeline in zip(WORKERS, PIPELINES, strict=True):
            instance = f"localhost:{self.stack.ports[f'{name}:5000']}"
            self.stack.wait_for(f'webhook_requests_total{{job="webhook", instance="{instance}", status="success"}} > 5')
            self.stack.wait_for(f'dataflow_batches_processed_total{{pipeline_id="{pipeline}"}} > 5')

    def test_failures_and_timeouts_of_the_second_worker_are_seen(self):
        """As its variables have it, though with more to do: the shop would have to be waited for. No capacity is full of it."""
        self.send(f"localhost:{self.stack.ports['webhook-2:5000']}", "--count 1000 --rate 100")
        instance = f"localhost:{self.stack.ports['webhook-2:9095']}"
        for name in ("dataflow_batches_failed_total", "dataflow_batches_timeouts_total", "dataflow_retries_scheduled_total"):
            self.stack.wait_for(f'{name}{{job="dataflow-platform", instance="{instance}", pipeline_id="pipeline-123"}} > 3')
        self.stack.wait_for(f'app_failed_tasks_total{{job="dataflow-platform", instance="{instance}"}} > 3')

    def test_each_exporter_sees_its_agent(self):
        wait_until(lambda: self.stack.wait_for("count(app_agent_status == 1)") == [({}, 3)], what="all are seen")

    def test_the_hub_knows_all_who_report(self):
        wanted = {("worker_pool", "worker-cpu", name) for name in WORKERS} | {("agent", name, None) for name in EXPORTERS}

        def known():
            components = json.loads(self.stack.get("hub:8082", "/api/metrics/components"))["components"]
            return {(each["component_type"], each["component_name"], each["instance"]) for each in components}

        wait_until(lambda: wanted <= known(), 30, "all have reported")
        page = self.stack.get("hub:8082", "/")
        for name in (*WORKERS, *EXPORTERS):
            self.assertIn(f">{name}<", page)
        status = re.compile(r'^app_agent_status\{component="([\w-]+)".*\} (\S+)$', re.M)
        statuses = lambda: dict(status.findall(self.stack.get("hub:8082", "/metrics")))
        wait_until(lambda: statuses() == dict.fromkeys(EXPORTERS, "1"), 30, "all tell that their agents run")

    def test_each_is_counted_once(self):
        """Though the hub is told of it, and exports it."""
        for name in WORKERS:
            self.stack.wait_for(f'noetl_worker_active_tasks{{job="agent-hub", component="worker-cpu", instance="{name}"}}')
        for name in EXPORTERS:
            self.stack.wait_for(f'agent_hub_last_report_timestamp_seconds{{job="agent-hub", component="{name}"}}')
        for name in ("dataflow_batches_processed_total", "app_completed_tasks_total", "pipeline_worker_mailbox_depth", "process_threads"):
            wait_until(lambda: len(self.stack.wait_for(name)) == 2, what=f"{name} of both workers")
        of_others = 'count by (__name__) ({__name__!="", job!="agent-hub"})'
        scraped = {labels["__name__"] for labels, _ in self.stack.wait_for(of_others)}
        self.assertLessEqual({"app_agent_status", "app_completed_tasks_total"}, scraped)
        told = self.stack.wait_for('count by (__name__) ({job="agent-hub", component!=""})')
        self.assertEqual({labels["__name__"] for labels, _ in told} & scraped, set())

    def test_what_the_hub_is_told_is_in_the_database(self):
        for name, count in (("dataflow_batches_processed_total", 2), ("app_agent_status", 3)):
            query = f"SELECT count(*) FROM noetl.metric WHERE metric_name = '{name}'"
            wait_until(lambda: int(self.stack.ask_database(query) or 0) >= 2 * count, 30, f"two reports of {name} are there")

    def test_no_alert_is_on_its_way(self):
        """But those of what another test here sends at once."""
        of_test = {"HighBatchFailureRate", "HighRetryRate", "BatchTimeoutSpike"}
        self.stack.wait_for("count(app_agent_status == 1) == 3")
        self.stack.wait_for("count(dataflow_batches_processed_total > 5) == 2")
        # What is evaluated now may have begun before that.
        for _ in range(2):
            self.wait_for_evaluations()
        alerts = lambda: [alert["labels"] for alert in self.stack.prometheus.ask("alerts")["alerts"]]
        # A worker that has just begun has no rate, and its pipeline seems to be stuck.
        try:
            wait_until(lambda: {labels["alertname"] for labels in alerts()} <= of_test, 30)
        except AssertionError:
            self.fail(alerts())

    def wait_for_evaluations(self):
        """One more of each group of rules."""
        evaluated = lambda: {group["name"]: group["lastEvaluation"] for group in self.stack.prometheus.ask("rules")["groups"]}
        before = evaluated()
        wait_until(lambda: not before.items() & evaluated().items(), 30, "all are evaluated")

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
        self.run_here(line.replace("localhost:5000", f"localhost:{self.stack.ports['webhook:5000']}"))

    def send(self, address, flags):
        self.run_here(f"agent-exporter simulate-webhook http://{address}/webhook {self.secret} {flags}")

    def run_here(self, line):
        """A command, in a folder as the page has it."""
        with tempfile.TemporaryDirectory() as folder:
            if self.stack.secrets:
                pathlib.Path(folder, "secrets").symlink_to(self.stack.secrets)
            shell(line, folder)

    def test_no_secret_is_in_a_log(self):
        self.stack.wait_for("dataflow_batches_processed_total")
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
        for name in (*EXPORTERS, "localhost"):
            self.assertIn(" does match", run("openssl", "x509", "-in", certificate, "-noout", "-checkhost", name))

    def test_the_secrets_that_anybody_can_read_open_nothing(self):
        address = f"http://localhost:{self.stack.ports['webhook:5000']}/webhook"
        with self.assertRaises(AssertionError), tempfile.TemporaryDirectory() as folder:
            shell(f"agent-exporter simulate-webhook {address} mysecretkey", folder)


if __name__ == "__main__":
    unittest.main()
