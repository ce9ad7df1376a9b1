"""Rules and dashboards at work: a real Prometheus scrapes the real exporter, and every query has to find something.

The exporter is a demo whose agent for a moment says something that cannot be read, so that no counter is without a
series. Beside it a hub is a demo, to whose workers comes one with metrics of its own; and a worker takes webhooks. The kubelet's
metrics are made here, with the labels that the kubelet gives them, those of JVMs, and those of a process, too, which every target
has. A second cluster has pods of the same names.
"""

import json
import math
import tempfile
import unittest
import urllib.request

from locks import Authority, Locked, block, secure
from support import (
    BINARY,
    CHOICES,
    DEPLOY,
    HUB,
    HUB_CHOICES,
    PIPELINE_CHOICES,
    Process,
    Prometheus,
    alerts,
    dashboards,
    data_panels,
    documented_queries,
    expressions,
    free_port,
    get,
    impatient_rules,
    job,
    metric_names,
    rules,
    wait_until,
)
from targets import Targets
from workers import Worker

POD = {"cluster": "one", "namespace": "etl", "pod": "agent-0"}
STATE = ("agent-health", "State")
VARIABLES = {"$__rate_interval": "4s", "$__interval": "1s"}


class Live(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        control = free_port()
        # Locked, because the panels about locks want to find something, too.
        authority = cls.enterClassContext(Authority())
        authority.issue("server")
        authority.shell(block("file with a certificate"))
        exporter = cls.enterClassContext(
            Locked(
                authority,
                "web-config.yml",
                f"--simulate.control-address=127.0.0.1:{control}",
                "--agent.max-connections=100",
                "--agent.poll-interval=100ms",
                "--agent.backoff-max=1s",
                "--agent.max-age=1s",
            )
        )
        hub = free_port()
        cls.hub = f"http://127.0.0.1:{hub}"
        cls.enterClassContext(
            Process(
                HUB, "demo", "--store=memory", f"--web.listen-address=127.0.0.1:{hub}", "--self-report.interval=1s",
                "--simulate.interval=1s",
            )
        )
        # Of its batches some fail, and some of those again.
        cls.worker = cls.enterClassContext(Worker("--play.failures=40", "--work.retries=1", "--work.concurrency=100"))
        targets = cls.enterClassContext(Targets()).address
        cls.prometheus = cls.enterClassContext(
            Prometheus(
                {
                    "global": {"scrape_interval": "250ms", "scrape_timeout": "250ms", "evaluation_interval": "250ms"},
                    "rule_files": [impatient_rules(cls.enterClassContext(tempfile.TemporaryDirectory()))],
                    "scrape_configs": [
                        job("agent-exporter", f"localhost:{exporter.port}", **POD) | secure(authority),
                        job("agent-hub", f"127.0.0.1:{hub}", cluster="one", namespace="etl") | {"honor_labels": True},
                        job("cadvisor", targets, cluster="one") | {"metrics_path": "/kubelet"},
                        job("cadvisor-two", targets, cluster="two") | {"metrics_path": "/kubelet"},
                        *cls.worker.jobs(job, cluster="one", namespace="etl", pod="worker-1"),
                        job("platform", targets, cluster="one", namespace="etl") | {"metrics_path": "/platform"},
                        job("stranger", targets, cluster="one") | {"metrics_path": "/stranger"},
                    ],
                }
            )
        )
        wait_until(lambda: report(cls.hub, "custom_work_items_processed", 150), what="the hub takes a report")
        counted = "webhook_requests_total", "dataflow_pipelines_running"
        wait_until(lambda: all(map(cls.finds, counted)), what="the worker is scraped")
        cls.enterClassContext(Process(*cls.worker.sender, "--rate=20", "--duration=1h", "--bad-signatures=10"))
        cls.simulate = f"http://127.0.0.1:{control}/simulate"
        wait_until(lambda: cls.finds("app_agent_up == 1"), what="the demo is scraped")
        cls.change(body='{"agentStatus":"RUNNING","activeTaskCount":{}}')
        wait_until(lambda: cls.finds("agent_exporter_fields_invalid_total"), what="an invalid field is counted")
        cls.change(body=None)

    @classmethod
    def change(cls, **settings):
        request = urllib.request.Request(cls.simulate, json.dumps(settings).encode())
        urllib.request.urlopen(request, timeout=5).close()

    @classmethod
    def finds(cls, query):
        """Whether a query gives a number."""
        data = cls.prometheus.ask("query", query=query)
        return data and any(math.isfinite(float(series["value"][1])) for series in data["result"])

    def assertFindsAll(self, queries, seconds=15, meanwhile=lambda: None):
        """Waits for the queries together: most of them need some samples more."""
        left = list(queries)

        def look():
            meanwhile()
            left[:] = [(name, query) for name, query in left if not self.finds(query)]
            return not left

        try:
            wait_until(look, seconds)
        except AssertionError:
            self.fail("these find nothing:\n" + "\n".join(f"{name}: {query}" for name, query in left))

    def test_every_query_of_a_dashboard_finds_data(self):
        queries = [(name, filled(expression)) for name, expression in expressions()]
        # Somebody has to ask the hub's log, or nothing is known of how long that takes.
        self.assertFindsAll(queries, meanwhile=lambda: get(f"{self.hub}/api/metrics/query?limit=1"))

    def test_every_choice_of_a_dashboard_has_a_value(self):
        for dashboard in dashboards():
            for choice in dashboard["templating"]["list"][1:]:
                selector, label = choice["query"]["query"].removeprefix("label_values(").rstrip(")").rsplit(", ", 1)
                values = self.prometheus.ask(f"label/{label}/values", **{"match[]": filled(selector)})
                self.assertTrue(values, f"{dashboard['title']}: {choice['name']}")

    def test_alerts_tell_what_the_agent_does(self):
        """By their expressions alone: with `for` it would take minutes."""
        named = ("AgentDown", "AgentStatusUnknown", "AgentConnectionsExhausted")
        calm = {"agentStatus": "RUNNING", "refuse": "0s", "openSessionsCount": None}
        self.addCleanup(wait_until, lambda: self.finds("app_agent_status == 1"), what="the agent runs again")
        self.addCleanup(self.change, **calm)
        for settings, seen, expected in (
            ({"agentStatus": "STOPPED"}, "app_agent_state{state='stopped'} == 1", {"AgentDown"}),
            ({"agentStatus": "PAUSED"}, "app_agent_reported_status{status='PAUSED'}", {"AgentStatusUnknown"}),
            ({"refuse": "1h"}, "app_agent_state{state='unreachable'} == 1", {"AgentDown"}),
            ({"openSessionsCount": 99}, "app_open_sessions_count == 99", {"AgentConnectionsExhausted"}),
            # Last, because whoever has drained is given time to come back.
            ({"agentStatus": "SHUTTING_DOWN"}, "app_agent_state{state='shutting_down'} == 1", set()),
            ({"agentStatus": "PENDING_SHUTDOWN"}, "app_agent_state{state='pending_shutdown'} == 1", set()),
            ({"agentStatus": "STOPPED"}, "app_agent_state{state='stopped'} == 1", set()),
        ):
            with self.subTest(**settings):
                self.change(**calm | settings)
                wait_until(lambda: self.finds(seen), what=seen)
                wait_until(lambda: self.shown_state() == self.state(), what="the panel State shows it")
                self.assertEqual({name for name in named if self.finds(alerts()[name]["expr"])}, expected)

    def state(self):
        (series,) = self.prometheus.ask("query", query="app_agent_state == 1")["result"]
        return series["metric"]["state"].replace("_", " ")

    def shown_state(self):
        """What the health dashboard's timeline writes at this moment."""
        (panel,) = [
            panel for board in dashboards() for panel in data_panels(board) if (board["uid"], panel["title"]) == STATE
        ]
        (series,) = self.prometheus.ask("query", query=filled(panel["targets"][0]["expr"]))["result"]
        (mapping,) = panel["fieldConfig"]["defaults"]["mappings"]
        return mapping["options"][series["value"][1]]["text"]

    def test_a_pods_memory_is_joined_with_its_agent_only(self):
        (query,) = [filled(expression) for name, expression in expressions() if name.endswith("Memory beside tasks A")]
        found = wait_until(lambda: self.prometheus.ask("query", query=query)["result"], what="memory is scraped")
        self.assertEqual([(each["metric"]["cluster"], each["metric"]["pod"]) for each in found], [("one", "agent-0")])

    def test_all_jobs_are_all_exporters_and_not_all_targets(self):
        wait_until(lambda: self.finds('process_max_fds{job="cadvisor"}'), what="another target is scraped")
        for name, expression in expressions():
            with self.subTest(name):
                found = self.prometheus.ask("query", query=filled(expression))["result"]
                jobs = {series["metric"].get("job", "agent-exporter") for series in found}
                if name.startswith("Agent hub:"):
                    jobs -= {"agent-hub"}
                if name.startswith("Pipelines:"):
                    jobs -= {"webhook", "dataflow-platform", "platform"}
                if not any(metric.startswith("container_") for metric in metric_names(expression)):
                    self.assertLessEqual(jobs, {"agent-exporter"})
        (up,) = [filled(expression) for name, expression in expressions() if name.endswith("Exporters up A")]
        (start,) = [filled(expression) for name, expression in expressions() if name.endswith("Youngest process A")]
        (up,), (start,) = (self.prometheus.ask("query", query=query)["result"] for query in (up, start))
        self.assertEqual(up["value"][1], "1")
        self.assertLess(float(start["value"][1]), 3600)

    def test_prometheus_takes_every_query_of_the_documentation(self):
        for page, query in documented_queries():
            with self.subTest(page, query=query):
                self.assertIsNotNone(self.prometheus.ask("query", query=query))

    def test_every_recording_rule_records(self):
        self.assertFindsAll([("rule", rule["record"]) for rule in rules() if "record" in rule])

    def test_no_rule_fails_and_no_alert_fires_for_a_healthy_agent(self):
        groups = self.prometheus.ask("rules")["groups"]
        evaluated = [rule for group in groups for rule in group["rules"]]
        self.assertEqual(len(evaluated), len(rules()))
        self.assertEqual([rule["name"] for rule in evaluated if rule.get("lastError")], [])
        firing = {rule["name"] for rule in evaluated if rule.get("state") == "firing"}
        # The test of alerts has made it come back again and again.
        self.assertEqual(firing - {"AgentRestarting"}, set())


class Aliases(unittest.TestCase):
    """Two exporters of which one exports the second names itself: each name once for each agent, at every evaluation."""

    NAMES = ("app_open_sessions", "app_build_info")

    @classmethod
    def setUpClass(cls):
        ports = {"own": free_port(), "recorded": free_port()}
        for name, port in ports.items():
            flags = ["--agent.aliases"] if name == "own" else []
            cls.enterClassContext(Process(BINARY, "demo", f"--web.listen-address=127.0.0.1:{port}", *flags))
        jobs = [job(f"{name}/agent-exporter", f"127.0.0.1:{port}", namespace=name) for name, port in ports.items()]
        cls.prometheus = cls.enterClassContext(
            Prometheus(
                {
                    "global": {"scrape_interval": "250ms", "scrape_timeout": "250ms", "evaluation_interval": "250ms"},
                    "rule_files": [str(DEPLOY / "prometheus/rules/recording.yml")],
                    "scrape_configs": jobs,
                }
            )
        )

    def evaluated(self):
        """When the rules with these names were evaluated for the last time."""
        groups = (self.prometheus.ask("rules") or {"groups": []})["groups"]
        return [group["lastEvaluation"] for group in groups if group["name"] == "agent-exporter-names"]

    def found(self, name):
        data = self.prometheus.ask("query", query=name)
        series = data["result"] if data else []
        return sorted((each["metric"]["namespace"], each["metric"].get("recorded", "")) for each in series)

    def test_each_name_is_there_once_for_each_agent_at_every_evaluation(self):
        expected = [("own", ""), ("recorded", "true")]
        for name in self.NAMES:
            wait_until(lambda: self.found(name) == expected, what=f"{name} is there")
        evaluations = []
        while len(evaluations) < 8:
            wait_until(lambda: self.evaluated() and self.evaluated() != evaluations[-1:], what="the next evaluation")
            evaluations += self.evaluated()
            for name in self.NAMES:
                self.assertEqual(self.found(name), expected, evaluations)
        # What was written all that while has no gaps: as many samples as there were evaluations.
        for name in self.NAMES:
            counts = self.prometheus.ask("query", query=f"count_over_time({name}[1500ms])")["result"]
            self.assertEqual(len(counts), 2, counts)
            for each in counts:
                self.assertGreaterEqual(int(each["value"][1]), 4, each)


def report(hub, name, value):
    """Whether a hub has taken a counter of a worker of the test's."""
    sample = {"metric_name": name, "metric_type": "counter", "metric_value": value}
    body = {"component_name": "my-worker", "component_type": "worker_pool", "ttl_seconds": 600, "metrics": [sample]}
    request = urllib.request.Request(f"{hub}/api/metrics/report", json.dumps(body).encode())
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def filled(expression):
    """The expression with the values that Grafana would put in: All for each choice."""
    for name, value in VARIABLES.items():
        expression = expression.replace(name, value)
    # The longest first: one name begins with another.
    for choice in sorted({*CHOICES, *HUB_CHOICES, *PIPELINE_CHOICES}, key=len, reverse=True):
        expression = expression.replace(f"${choice}", ".*")
    return expression


if __name__ == "__main__":
    unittest.main()
