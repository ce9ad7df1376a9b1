"""What kustomize builds from deploy/kubernetes is valid, keeps the pod's promises, and scales on what it should."""

import json
import os
import re
import tempfile
import unittest

import yaml
from manifests import (
    AGENT_TASK_CAP,
    AGENT_URL,
    CONNECTIONS,
    PROBES,
    RESOURCES,
    STOPPING_SECONDS,
    PodPromises,
    documents,
    environment_of,
    exporter_of,
    of_kind,
    pod_of,
    scraped_schemes,
    validate,
)
from support import (
    BINARY,
    DEPLOY,
    ROOT,
    WORKER,
    Process,
    exported_metrics,
    free_port,
    get,
    promtool,
    read_yaml,
    run,
    tool,
    wait_until,
)

KUBERNETES = DEPLOY / "kubernetes"
OVERLAYS = sorted(path.name for path in (KUBERNETES / "overlays").iterdir())
# Those that lock something are tested by themselves.
LOCKS = {"agent-login", "web-config", "web-tls"}
COMPONENTS = sorted({path.name for path in (KUBERNETES / "components").iterdir()} - LOCKS)


def build(directory):
    return documents(run(tool("kubectl"), "kustomize", directory))


def build_with(*components):
    """The base with these components, as an overlay of somebody else's would have them."""
    with tempfile.TemporaryDirectory(dir=ROOT / ".build") as directory:
        above = os.path.relpath(KUBERNETES, directory)
        kustomization = {
            "resources": [f"{above}/base"],
            "components": [f"{above}/components/{component}" for component in components],
        }
        with open(f"{directory}/kustomization.yaml", "w") as file:
            json.dump(kustomization, file)
        return build(directory)


class Overlays(PodPromises, unittest.TestCase):
    def test_the_base_and_every_overlay_are_valid_and_keep_the_promises(self):
        for directory in (KUBERNETES / "base", *(KUBERNETES / "overlays" / name for name in OVERLAYS)):
            with self.subTest(directory.name):
                resources = build(directory)
                validate(resources)
                self.assert_pod(resources)

    def test_every_component_is_valid_on_the_base(self):
        for component in COMPONENTS:
            with self.subTest(component):
                resources = build_with(component)
                validate(resources)
                self.assert_pod(resources)

    def test_an_overlay_names_images_with_a_tag_and_one_namespace(self):
        for overlay in OVERLAYS:
            with self.subTest(overlay):
                resources = build(KUBERNETES / "overlays" / overlay)
                spec = pod_of(resources)["spec"]
                for container in spec["containers"] + spec.get("initContainers", []):
                    self.assertRegex(container["image"], r"^registry\.example\.com/[a-z-]+:[\d.]+$")
                self.assertEqual({resource["metadata"]["namespace"] for resource in resources}, {"agents"})

    def test_the_exporter_is_a_native_sidecar_or_a_container(self):
        self.assertTrue(exporter_of(build(KUBERNETES / "overlays/native-sidecar"))[1])
        self.assertFalse(exporter_of(build(KUBERNETES / "overlays/plain-container"))[1])

    def test_the_demo_needs_the_exporters_image_alone(self):
        spec = pod_of(build(KUBERNETES / "overlays/demo"))["spec"]
        (agent,) = spec["containers"]
        self.assertEqual(agent["image"], spec["initContainers"][0]["image"])
        self.assertEqual(agent["args"], ["simulate-agent"])
        self.assertNotIn("envFrom", agent)
        self.assertIn("simulate-agent", run(BINARY, "--help"))

    def test_components_that_exclude_each_other_are_not_built(self):
        for pair in (("pod-monitor", "service-monitor"), ("hpa", "keda")):
            with self.subTest(pair), self.assertRaisesRegex(AssertionError, "does not exist|nonexistent|missing"):
                build_with(*pair)

    def test_prometheus_is_let_in_by_the_name_of_its_namespace(self):
        policy = of_kind(build_with("network-policy"), "NetworkPolicy")
        source = policy["spec"]["ingress"][0]["from"]
        self.assertEqual(
            source, [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}}]
        )


class Workers(PodPromises, unittest.TestCase):
    """A worker, with the exporter beside it."""

    FOLDER = KUBERNETES / "worker"

    @classmethod
    def setUpClass(cls):
        cls.resources = build(cls.FOLDER)
        cls.pod = pod_of(cls.resources)["spec"]
        (cls.worker,) = cls.pod["containers"]
        cls.exporter, cls.native = exporter_of(cls.resources)
        cls.monitor = read_yaml(cls.FOLDER / "pod-monitor.yaml")

    def test_everything_is_valid(self):
        validate([*self.resources, self.monitor])

    def test_the_exporter_keeps_its_promises(self):
        self.assertTrue(self.native)
        environment = environment_of(self.exporter)
        self.assertEqual(environment["METRICS_ENDPOINT"], AGENT_URL)
        self.assertEqual((environment["WEB_MAX_CONNECTIONS"], environment["AGENT_FALLBACK"]), (CONNECTIONS, "omit"))
        self.assertEqual((self.exporter["resources"], self.exporter["restartPolicy"]), (RESOURCES, "Always"))
        self.assert_probes(self.exporter)
        self.assert_confined(self.exporter, self.pod)
        # What can be processed at once is what it can take.
        self.assertEqual(environment["AGENT_MAX_TASKS"], environment_of(self.worker)["WORK_CONCURRENCY"])

    def test_both_end_in_the_time_that_there_is_one_after_the_other(self):
        grace = int(environment_of(self.worker)["GRACE_PERIOD_SECONDS"])
        self.assertEqual(environment_of(self.exporter)["GRACE_PERIOD_SECONDS"], str(grace))
        # The worker tells its hub the last numbers in 2 s, and finishes answers in 5.
        self.assertGreaterEqual(self.pod["terminationGracePeriodSeconds"], grace + 7 + STOPPING_SECONDS)

    def test_the_worker_is_probed_and_confined_as_its_exporter_is(self):
        self.assert_probes(self.worker)
        self.assert_confined(self.worker, self.pod)
        self.assertEqual({self.worker[name]["httpGet"]["port"] for name in PROBES}, {"webhooks"})

    def test_its_secret_is_a_file_which_the_exporter_does_not_see(self):
        self.assert_files_are_mounted(self.worker, self.pod)
        file = environment_of(self.worker)["WEBHOOK_SECRET_FILE"]
        (volume,) = self.pod["volumes"]
        self.assertEqual(volume["secret"], {"secretName": "webhook"})
        command = f"kubectl -n etl create secret generic webhook --from-literal={file.rpartition('/')[2]}="
        for page in (self.FOLDER / "kustomization.yaml", KUBERNETES / "README.md"):
            self.assertIn(command, page.read_text())

    def test_webhooks_and_scrapes_find_their_ports(self):
        self.assert_labels([*self.resources, self.monitor])
        service = of_kind(self.resources, "Service")["spec"]
        self.assertEqual(service["ports"], [{"name": "webhooks", "port": 5000, "targetPort": "webhooks"}])
        self.assertEqual(self.worker["ports"][0], {"name": "webhooks", "containerPort": 5000})
        # Not while it ends: then it takes none.
        self.assertNotIn("publishNotReadyAddresses", service)
        declared = {port["name"] for container in (self.worker, self.exporter) for port in container["ports"]}
        found = {}
        for endpoint in self.monitor["spec"]["podMetricsEndpoints"]:
            (relabeling,) = endpoint["relabelings"]
            self.assertEqual((relabeling["targetLabel"], endpoint["path"]), ("job", "/metrics"))
            found[endpoint["port"]] = relabeling["replacement"]
        self.assertEqual(found, {"webhooks": "webhook", "pipelines": "dataflow-platform", "metrics": "agent-exporter"})
        self.assertEqual(set(found), declared)

    def test_images_have_a_tag(self):
        for container in (self.worker, self.exporter):
            self.assertRegex(container["image"], r"^registry\.example\.com/[a-z-]+:[\d.]+$")

    def test_both_programs_know_their_variables_and_the_worker_runs_with_them(self):
        for program, container in ((BINARY, self.exporter), (WORKER, self.worker)):
            reference = run(program, "--help-markdown")
            for name in environment_of(container):
                self.assertIn(f"| `{name}` |", reference)
        port, metrics, actuator = free_port(), free_port(), free_port()
        with tempfile.TemporaryDirectory() as folder:
            variables = environment_of(self.worker) | {
                "WEB_LISTEN_ADDRESS": f"localhost:{port}",
                "METRICS_LISTEN_ADDRESS": f"localhost:{metrics}",
                "STATUS_LISTEN_ADDRESS": f"localhost:{free_port()}",
                "ACTUATOR_LISTEN_ADDRESS": f"localhost:{actuator}",
            }
            mount = self.worker["volumeMounts"][0]["mountPath"]
            variables = {name: value.replace(mount, folder) for name, value in variables.items()}
            with open(f"{folder}/secret", "w") as file:
                file.write("of the cluster")
            words = [f"{name}={value}" for name, value in variables.items()]
            with Process("env", "-i", *words, WORKER) as worker:
                ready = lambda: worker.process.poll() is not None or answers(f"http://localhost:{port}{PROBES['readinessProbe']}")
                wait_until(ready, what="it is ready")
                self.assertIsNone(worker.process.poll(), worker.output)
                run(BINARY, "simulate-webhook", f"http://localhost:{port}/webhook", "of the cluster")
                said = json.loads(get(f"http://localhost:{actuator}/actuator/info"))
                self.assertEqual(said["agentStatus"], "RUNNING")
                self.assertNotIn("of the cluster", worker.output)


def answers(url):
    try:
        return get(url)
    except OSError:
        return None


class Locks(PodPromises, unittest.TestCase):
    def test_each_is_valid_with_every_way_to_scrape_and_kind_of_sidecar(self):
        for lock in (["web-config"], ["web-tls"], ["agent-login"], ["web-tls", "agent-login"]):
            for before, after in (([], []), (["pod-monitor"], []), (["service-monitor"], []), ([], ["plain-container"])):
                with self.subTest(lock=lock, before=before, after=after):
                    resources = build_with(*before, *lock, *after)
                    validate(resources)
                    self.assert_locked_pod(resources, connections="1024" if "web-tls" in lock else "2048")
                    variables = environment_of(exporter_of(resources)[0])
                    self.assertEqual("WEB_CONFIG_FILE" in variables, lock != ["agent-login"])
                    self.assertEqual("AGENT_BASIC_AUTH_PASSWORD_FILE" in variables, "agent-login" in lock)
                    self.assertEqual(scraped_schemes(resources), {"https" if "web-tls" in lock else "http"})

    def test_one_behind_plain_container_is_not_built(self):
        for lock in sorted(LOCKS):
            with self.subTest(lock), self.assertRaisesRegex(AssertionError, "does not exist|nonexistent|missing|doc is"):
                build_with("plain-container", lock)


class Scaling(PodPromises, unittest.TestCase):
    def test_the_autoscaler_asks_for_metrics_that_exist(self):
        self.assert_scaled(build_with("hpa"))

    def test_the_adapter_publishes_one_value_per_pod_and_those_metrics_alone(self):
        values = yaml.safe_load((KUBERNETES / "prometheus-adapter/values.yaml").read_text())
        (rule,) = values["rules"]["custom"]
        overrides = {label: {"resource": label} for label in ("namespace", "pod")}
        self.assertEqual(rule["resources"], {"overrides": overrides})
        pattern = re.search(r'__name__=~"\^(.*)\$"', rule["seriesQuery"])[1]
        published = {name for name in exported_metrics() if re.fullmatch(pattern, name)}
        scaler = of_kind(build_with("hpa"), "HorizontalPodAutoscaler")
        self.assertEqual(published, {metric["pods"]["metric"]["name"] for metric in scaler["spec"]["metrics"]})
        query = rule["metricsQuery"].replace("<<.Series>>", "app_active_task_count")
        query = query.replace("<<.LabelMatchers>>", 'namespace="agents",pod=~"a|b"').replace("<<.GroupBy>>", "pod")
        expect(
            {"adapter": query},
            [
                series("app_active_task_count", 12, pod="a", job="one"),
                series("app_active_task_count", 12, pod="a", job="two"),
                series("app_active_task_count", 3, pod="b"),
            ],
            {"adapter": [('{pod="a"}', 12), ('{pod="b"}', 3)]},
        )

    def test_keda_treats_no_data_as_an_error(self):
        scaled = of_kind(build_with("keda"), "ScaledObject")["spec"]
        self.assert_calm(scaled["advanced"]["horizontalPodAutoscalerConfig"]["behavior"])
        for trigger in scaled["triggers"]:
            self.assertEqual(trigger["metadata"]["ignoreNullValues"], "false")
            self.assertEqual(trigger["metricType"], "AverageValue")
            self.assertLess(int(trigger["metadata"]["threshold"]), AGENT_TASK_CAP)
            targets = re.findall(r"\b(\d+)(?= [-*] )", trigger["metadata"]["query"])
            self.assertEqual(targets, [trigger["metadata"]["threshold"]] * 3)

    def test_keda_asks_in_the_namespace_of_the_overlay(self):
        resources = build(KUBERNETES / "overlays/keda")
        for query in keda_queries(resources).values():
            namespaces = set(re.findall(r'namespace="(\w+)"', query))
            self.assertEqual(namespaces, {of_kind(resources, "Deployment")["metadata"]["namespace"]})
            self.assertLessEqual(set(re.findall(r"\b(app_\w+)", query)), set(exported_metrics()))

    def test_keda_counts_running_agents_and_a_whole_target_for_a_silent_one(self):
        for metric in ("task", "request"):
            with self.subTest(metric):
                self.expect_keda(metric, agent("a", metric, 12) + agent("b", metric, 4), 16)
                # Two jobs scrape one of them.
                twice = [series(f"app_active_{metric}_count", 4, pod="b", job="another")]
                self.expect_keda(metric, agent("a", metric, 12) + agent("b", metric, 4) + twice, 16)
                # It drains: its tasks are no reason for more agents, nor for fewer.
                drains = agent("b", metric, 9, state="shutting_down", status=0)
                self.expect_keda(metric, agent("a", metric, 12) + drains, 12)
                for silent in silent_agents(metric, "b"):
                    self.expect_keda(metric, agent("a", metric, 12) + silent, 12 + 15)
                # Nothing is known: no value, not 0.
                self.expect_keda(metric, agent("a", metric, None, state="unreachable", status=0), None)

    def test_keda_does_not_ask_for_agents_because_others_have_yet_to_start(self):
        """By sums of a whole target for each, every new agent would be a reason for the next."""
        full = agent("a", "task", 20) + agent("b", "task", 20)
        self.expect_keda("task", full, 40)
        for silent in silent_agents("task", "c"):
            # Three are enough for 40 tasks, and there are three.
            self.expect_keda("task", full + silent, 45)
        # One more is not: what is known is more than two targets.
        self.expect_keda("task", full + agent("d", "task", 20) + silent_agents("task", "c")[0], 60)
        self.expect_keda("task", agent("a", "task", 32) + silent_agents("task", "c")[0], 32)

    def expect_keda(self, metric, load, value):
        queries = keda_queries(build_with("keda"))
        name = f"{metric}s"
        expect({name: queries[name]}, load, {name: [] if value is None else [("", value)]})


def keda_queries(resources):
    triggers = of_kind(resources, "ScaledObject")["spec"]["triggers"]
    return {trigger["name"]: trigger["metadata"]["query"] for trigger in triggers}


def silent_agents(metric, pod):
    """The ways in which an agent's load is not known."""
    return [
        agent(pod, metric, None, state="unreachable", status=0),
        agent(pod, metric, 0, state="unknown", status=0),
        [series("up", 0, pod=pod, job="agent-exporter")],
    ]


def series(name, value, **labels):
    text = ",".join(f'{label}="{text}"' for label, text in {"namespace": "agents", **labels}.items())
    return {"series": f"{name}{{{text}}}", "values": f"{value}x10"}


def agent(pod, metric, load, state="running", status=1):
    """What one exporter says; load None is a series that is left out."""
    said = [
        series("app_agent_status", status, pod=pod),
        series("app_agent_state", 1, pod=pod, state=state),
        series("up", 1, pod=pod, job="agent-exporter"),
    ]
    return said if load is None else said + [series(f"app_active_{metric}_count", load, pod=pod)]


def expect(rules, load, expected):
    """Prometheus itself evaluates these expressions over these series."""
    groups = [{"name": "g", "rules": [{"record": record, "expr": expr} for record, expr in rules.items()]}]
    questions = [
        {
            "expr": record,
            "eval_time": "5m",
            "exp_samples": [{"labels": record + labels, "value": value} for labels, value in samples],
        }
        for record, samples in expected.items()
    ]
    tests = [{"input_series": load, "promql_expr_test": questions}]
    promtool(
        "test",
        "rules",
        "test.yml",
        rules_yml=yaml.safe_dump({"groups": groups}),
        test_yml=yaml.safe_dump({"rule_files": ["rules.yml"], "tests": tests}),
    )


if __name__ == "__main__":
    unittest.main()
