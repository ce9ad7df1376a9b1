"""What operators put around a worker: scrape jobs, and the queries, the panel and the alerts that people bring along.

A real Prometheus scrapes real workers: the second of the demo, whose batches fail and take too long, though with more to do than
there, one that processes nothing and one that has nothing to do. JVMs, which nobody has here, are pages with what Micrometer says of
one.
"""

import json
import math
import re
import shlex
import tempfile
import unittest
import urllib.parse

from grafana_foundation_sdk.cog import encoder, plugins
from grafana_foundation_sdk.models import dashboard as model
from locks import block, shell
from support import (
    DEPLOY,
    DOCS,
    ROOT,
    WORKER,
    Process,
    Prometheus,
    alerts,
    check_scrapes,
    free_port,
    get,
    impatient_rules,
    job,
    metric_names,
    queryable_metrics,
    read_rules,
    read_yaml,
    wait_until,
)
from targets import Targets
from workers import DemoWorker, Worker

QUERIES = read_yaml(ROOT / "Tests/Operations/queries.yml")
# As it stands in the document of such a platform.
PANEL = """
{
  "title": "Batch Processing Rate",
  "targets": [
    {
      "expr": "rate(dataflow_batches_processed_total[1m])",
      "legendFormat": "{{pipeline_id}}"
    }
  ],
  "type": "graph"
}
"""
LABELS = {"namespace": "etl", "pod": "worker-0"}
DEMO = ("worker-1", "worker-2")
EXPECTED = {rule["alert"] for rule in read_rules("pipeline-alerts.yml")}


class Scrapes(unittest.TestCase):
    TEXT = (DEPLOY / "prometheus/worker.yml").read_text()

    def test_promtool_takes_the_jobs(self):
        check_scrapes(self.TEXT)

    def test_they_are_those_that_the_documents_of_such_services_have(self):
        jobs = read_yaml(DEPLOY / "prometheus/worker.yml")["scrape_configs"]
        self.assertEqual(
            jobs,
            [
                {"job_name": "webhook", "static_configs": [{"targets": ["webhook:5000"]}]},
                {
                    "job_name": "dataflow-platform",
                    "scrape_interval": "15s",
                    "static_configs": [
                        {
                            "targets": ["localhost:9095"],
                            "labels": {"environment": "production", "service": "dataflow"},
                        }
                    ],
                },
            ],
        )

    def test_nobody_else_has_the_workers_ports(self):
        taken = {port for name in DEMO for port in DemoWorker(name).ports}
        self.assertLess({5000, 5266, 8080, 9095}, taken)
        services = read_yaml(DEPLOY / "compose/compose.yaml")["services"].values()
        taken |= {int(ports.split(":")[1]) for service in services for ports in service.get("ports", [])}
        for receiver in read_yaml(DEPLOY / "prometheus/alertmanager.yml")["receivers"]:
            for webhook in receiver["webhook_configs"]:
                self.assertNotIn(urllib.parse.urlsplit(webhook["url"]).port, taken)


class Demo(unittest.TestCase):
    """What the demo's workers play, by which attempts fail (test_compose.py: those of compose play the same)."""

    def rates(self, name):
        """Of a worker: failures for good, retries and timeouts in a second, by the alerts that count them."""
        worker = DemoWorker(name)
        said = dict(flag.split("=") for flag in worker.flags)
        failures, timeouts = (int(said.get(f"--play.{what}", 0)) / 100 for what in ("failures", "timeouts"))
        attempts = [worker.rate * (failures + timeouts) ** number for number in range(1 + int(said.get("--work.retries", 3)))]
        return {
            "HighBatchFailureRate": attempts[-1] * failures,
            "HighRetryRate": sum(attempts[1:]),
            "BatchTimeoutSpike": sum(attempts) * timeouts,
        }

    def test_it_is_too_little_for_an_alert(self):
        for worker in DEMO:
            for name, rate in self.rates(worker).items():
                (limit,) = re.findall(r"> ([\d.]+)\s*$", alerts()[name]["expr"])
                self.assertLess(rate, float(limit) / 2, (worker, name))

    def test_it_is_enough_to_be_seen_in_a_minute(self):
        for name, rate in self.rates("worker-2").items():
            self.assertGreater(rate, 2 / 60, name)


class Queries(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        targets = cls.enterClassContext(Targets())
        cls.busy = cls.enterClassContext(Worker(*DemoWorker("worker-2").flags))
        cls.stuck = cls.enterClassContext(Worker("--work.pipeline=stuck", "--work.duration=1h", "--work.timeout=2h"))
        cls.idle = cls.enterClassContext(Worker("--work.pipeline=idle"))
        pages = ("full", "platform", "stranger", "kubelet")
        cls.prometheus = cls.enterClassContext(
            Prometheus(
                {
                    "global": {"scrape_interval": "250ms", "scrape_timeout": "250ms", "evaluation_interval": "250ms"},
                    "rule_files": [impatient_rules(cls.enterClassContext(tempfile.TemporaryDirectory()))],
                    "scrape_configs": named(
                        cls.busy.jobs(job, **LABELS)
                        + cls.stuck.jobs(job, pod="worker-1")
                        + cls.idle.jobs(job, pod="worker-2")
                        + [job("webhook", f"127.0.0.1:{free_port()}")]
                        + [job(page, targets.address) | {"metrics_path": f"/{page}"} for page in pages]
                    ),
                }
            )
        )
        for worker in (cls.busy, cls.stuck, cls.idle):
            wait_until(worker.answers, what="the worker answers")
        # What is counted before the first scrape is in no rate.
        wait_until(lambda: len(cls.ask("dataflow_pipelines_running")) == 5, what="everything is scraped")
        wait_until(lambda: len(cls.ask("webhook_requests_total")) == 6, what="webhooks are scraped")
        cls.stuck.send("--count=3")
        cls.busy.send("--count=5")
        # So many that five minutes have more failures, retries and timeouts than the queries ask for.
        cls.summary = cls.busy.send("--count=5000", "--rate=500", "--bad-signatures=20")

    @classmethod
    def ask(cls, query):
        data = cls.prometheus.ask("query", query=query)
        return [each for each in data["result"] if math.isfinite(float(each["value"][1]))] if data else []

    def test_each_finds_something_as_it_stands_or_as_it_has_to_be(self):
        left = {entry.get("instead", entry["query"]) for entries in QUERIES.values() for entry in entries}

        def look():
            left.difference_update([query for query in left if self.ask(query)])
            return not left

        try:
            wait_until(look, 30)
        except AssertionError:
            self.fail("these find nothing:\n" + "\n".join(left))

    def test_what_is_replaced_finds_nothing_as_it_stands(self):
        self.test_each_finds_something_as_it_stands_or_as_it_has_to_be()
        for entries in QUERIES.values():
            for entry in entries:
                self.assertEqual("instead" in entry, "why" in entry)
                if "instead" in entry:
                    self.assertEqual(self.ask(entry["query"]), [], entry["query"])

    def test_they_name_metrics_that_exist(self):
        for entries in QUERIES.values():
            for entry in entries:
                self.assertLessEqual(metric_names(entry["query"]), queryable_metrics())

    def test_each_alert_that_they_have_is_one_of_the_rules(self):
        named = {entry["alert"] for entries in QUERIES.values() for entry in entries if "alert" in entry}
        self.assertEqual(len(named), 5)
        self.assertLessEqual(named, set(alerts()))

    def test_every_alert_comes_when_there_is_a_reason(self):
        """Pending is enough: with `for` it would take minutes."""

        def pending():
            groups = (self.prometheus.ask("rules", type="alert") or {"groups": []})["groups"]
            found = {rule["name"]: rule["alerts"] for group in groups for rule in group["rules"]}
            return {name: each for name, each in found.items() if name in EXPECTED and each}

        wait_until(lambda: pending().keys() == EXPECTED, 30, "every alert")
        found = pending()
        instances = {name: {alert["labels"]["instance"] for alert in each} for name, each in found.items()}
        self.assertEqual([alert["labels"]["pipeline_id"] for alert in found["PipelineStuck"]], ["stuck"])
        self.assertEqual(instances["HighProcessMemory"], {f"127.0.0.1:{self.busy.metrics}"})
        self.assertEqual([alert["labels"]["job"] for alert in found["HighMemoryUsage"]], ["full"])
        self.assertEqual(instances["WebhooksRefused"], {f"127.0.0.1:{self.busy.port}"})
        for name in ("HighBatchFailureRate", "HighRetryRate", "BatchTimeoutSpike"):
            self.assertEqual(instances[name], {f"127.0.0.1:{self.busy.metrics}"}, name)

    def test_prometheus_has_what_was_sent(self):
        """To the last one: five that were asked for by a count, and those of the load."""
        taken = 5 + self.summary["accepted"]
        query = f'webhook_requests_total{{status="success", instance="127.0.0.1:{self.busy.port}"}} == {taken}'
        wait_until(lambda: self.ask(query), what=query)

    def test_the_panel_that_people_have_imports_as_it_stands(self):
        """Grafana makes a time series of a panel of the type graph when it opens it."""
        panel = json.loads(PANEL)
        plugins.register_default_plugins()
        read = model.Dashboard.from_json({"title": "Imported", "panels": [panel]})
        (written,) = json.loads(encoder.JSONEncoder().encode(read))["panels"]
        self.assertLessEqual(panel.items(), {key: written.get(key) for key in panel}.items())
        (target,) = panel["targets"]
        found = wait_until(lambda: self.ask(target["expr"]), what="the panel shows something")
        self.assertIn("pipeline-123", [each["metric"]["pipeline_id"] for each in found])

    def test_the_status_page_has_the_instruments(self):
        document = json.loads(get(f"http://127.0.0.1:{self.busy.status}/status.json"))
        self.assertEqual(document["health"]["pipeline"], "running")
        self.assertIn("dataflow_batches_processed_total", [each["name"] for each in document["instruments"]])


class Pages(unittest.TestCase):
    """The commands of the two pages for those who come from something else."""

    CLIENT, KAMON = DOCS / "from-prometheus-client.md", DOCS / "from-kamon.md"

    @classmethod
    def setUpClass(cls):
        cls.worker = cls.enterClassContext(Worker())
        configuration = {"global": {"scrape_interval": "250ms", "scrape_timeout": "250ms"}}
        configuration["scrape_configs"] = cls.worker.jobs(job)
        cls.prometheus = cls.enterClassContext(Prometheus(configuration))
        wait_until(cls.worker.answers, what="the worker answers")

    def say(self, name, page):
        """What a block prints, with the ports of the test in place of those that are documented."""
        text = block(name, page).replace("localhost:9090", self.prometheus.address)
        for documented, port in ((5000, self.worker.port), (9095, self.worker.metrics), (5266, self.worker.status)):
            text = text.replace(f"localhost:{documented}", f"localhost:{port}")
        with tempfile.TemporaryDirectory() as folder:
            return shell(text, folder)

    def test_five_webhooks_are_five_as_printed(self):
        self.say("send five", self.CLIENT)
        (printed,) = re.findall(r"```text\n(.*?)```", self.CLIENT.read_text(), re.S)
        wait_until(lambda: self.say("look", self.CLIENT) == printed, what=printed)

    def test_the_excerpt_of_the_source_is_in_it(self):
        (excerpt,) = re.findall(r"```swift\n(.*?)```", self.CLIENT.read_text(), re.S)
        self.assertIn(excerpt, (ROOT / "Sources/PipelineWorker/Webhook/WebhookMetrics.swift").read_text())

    def test_the_checklists_say_what_they_are_for(self):
        wait_until(lambda: "dataflow_batches_processed_total" in self.say("port", self.KAMON), what="it is exported")
        for name, expected in (
            ("modules", ["webhook.secret=<secret> from --webhook.secret", "pipelines true", "mailbox true"]),
            ("instruments", ["dataflow_pipelines_running 1 1"]),
            ("series", [r"\d+ \w+"] * 5),
            ("overflow", [r'dataflow_overflowed_total\{limit="pipelines"\} 0']),
        ):
            with self.subTest(name):
                lines = self.say(name, self.KAMON).splitlines()
                for pattern in expected:
                    self.assertTrue([line for line in lines if re.fullmatch(pattern, line)], lines)
        wait_until(lambda: self.say("targets", self.KAMON).count(" up ") == 2, what="both are up")

    def test_the_worker_takes_each_command_that_starts_it(self):
        commands = [line for page in (self.CLIENT, self.KAMON) for line in page.read_text().splitlines()]
        commands = [line for line in commands if re.match(r"[A-Z].* pipeline-worker\b", line)]
        self.assertGreater(len(commands), 3)
        for command in commands:
            ports = {name: free_port() for name in ("PORT", "KAMON_PROMETHEUS_PORT", "KAMON_STATUS_PAGE_PORT", "ACTUATOR_PORT")}
            words = [f"{name}={port}" for name, port in ports.items()] + shlex.split(command.replace("pipeline-worker", WORKER))
            with self.subTest(command), Process("env", *words) as started:
                wait_until(lambda: listens(ports["PORT"]) or started.process.poll() is not None, what="it listens")
                self.assertIsNone(started.process.poll(), started.output)
                started.process.kill()


def listens(port):
    try:
        return get(f"http://127.0.0.1:{port}/readyz")
    except OSError:
        return None


def named(jobs):
    """Jobs of one name are one job with several targets."""
    merged = {}
    for each in jobs:
        one = merged.setdefault(each["job_name"], each)
        if one is not each:
            one["static_configs"] += each["static_configs"]
    return list(merged.values())


if __name__ == "__main__":
    unittest.main()
