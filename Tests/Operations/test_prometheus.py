"""Scrape configurations, retention flags and Alertmanager's routes, each given to the program that reads it.

Debian's Prometheus is built without Kubernetes discovery, so its place is taken by static targets that carry what
discovery would find: then promtool does the relabelling that is tested.
"""

import json
import pathlib
import shlex
import tempfile
import unittest

import yaml

from paging import milliseconds
from support import DEPLOY, FOREIGN_METRICS, Prometheus, alerts, read_rules, read_yaml, run, wait_until

PROMETHEUS = DEPLOY / "prometheus"
POD = "__meta_kubernetes_pod_"


def pod_target(
    address, ip, container="metrics-exporter", declared="metrics", phase="Running", init="false", **annotations
):
    """A target as discovery makes one for each port of each container; `declared` is the port's name."""
    labels = {
        "__meta_kubernetes_namespace": "etl",
        f"{POD}name": "agent-0",
        f"{POD}node_name": "node-1",
        f"{POD}ip": ip,
        f"{POD}phase": phase,
        f"{POD}container_name": container,
        f"{POD}container_init": init,
    }
    if declared:
        labels[f"{POD}container_port_name"] = declared
    for name, value in annotations.items():
        labels[f"{POD}annotation_prometheus_io_{name}"] = value
    return {"targets": [address], "labels": labels}


def static(configuration, targets):
    """The configuration with its rules left out, its targets given, and files that only a pod has replaced."""
    jobs = []
    for job in configuration["scrape_configs"]:
        job = {
            key: value
            for key, value in job.items()
            if key not in ("kubernetes_sd_configs", "authorization", "tls_config")
        }
        jobs.append(job | {"static_configs": targets})
    return {**configuration, "rule_files": [], "scrape_configs": jobs}


def scraped(file, *targets, job="agent-exporter"):
    """What a job scrapes of these targets: (URL, labels) for each, without doubles."""
    with tempfile.NamedTemporaryFile("w", suffix=".yml") as copy:
        yaml.safe_dump(static(read_yaml(PROMETHEUS / file), list(targets)), copy)
        copy.flush()
        found = json.loads(
            run("promtool", "check", "service-discovery", "--timeout=200ms", copy.name, job)
        )
    kept = [target["labels"] for target in found if target.get("labels")]
    return {
        (
            f"{labels['__scheme__']}://{labels['__address__']}{labels['__metrics_path__']}",
            tuple(sorted((name, value) for name, value in labels.items() if not name.startswith("__"))),
        )
        for labels in kept
    }


class ScrapeConfigurations(unittest.TestCase):
    def test_the_static_one_is_whole(self):
        run("promtool", "check", "config", PROMETHEUS / "prometheus.yml")

    def test_those_for_kubernetes_are_sound_but_for_discovery(self):
        for file in ("kubernetes.yml", "kubernetes-annotations.yml", "worker-kubernetes.yml"):
            configuration = read_yaml(PROMETHEUS / file)
            for job in configuration["scrape_configs"]:
                self.assertIn(job["kubernetes_sd_configs"], ([{"role": "pod"}], [{"role": "node"}]))
            with self.subTest(file), tempfile.NamedTemporaryFile("w", suffix=".yml") as copy:
                yaml.safe_dump(static(configuration, []), copy)
                copy.flush()
                run("promtool", "check", "config", copy.name)

    def test_containers_are_read_where_the_kubelet_has_them(self):
        jobs = {job["job_name"]: job for job in read_yaml(PROMETHEUS / "kubernetes.yml")["scrape_configs"]}
        job = jobs["cadvisor"]
        self.assertEqual((job["scheme"], job["metrics_path"]), ("https", "/metrics/cadvisor"))
        self.assertEqual(job["kubernetes_sd_configs"], [{"role": "node"}])
        kept = job["metric_relabel_configs"][0]["regex"].split("|")
        self.assertEqual(set(kept), {name for name in FOREIGN_METRICS if name.startswith("container_")})

    def test_the_operators_resource_names_the_port(self):
        resource = read_yaml(PROMETHEUS / "victoriametrics.yml")
        self.assertEqual(
            (resource["apiVersion"], resource["kind"]), ("operator.victoriametrics.com/v1beta1", "VMPodScrape")
        )
        self.assertEqual(resource["metadata"]["name"], "agent-exporter")
        self.assertEqual(set(resource["spec"]), {"selector", "podMetricsEndpoints"})
        pods = read_yaml(DEPLOY / "kubernetes/base/deployment.yaml")["spec"]["template"]["metadata"]["labels"]
        self.assertLessEqual(resource["spec"]["selector"]["matchLabels"].items(), pods.items())
        self.assertEqual([endpoint["port"] for endpoint in resource["spec"]["podMetricsEndpoints"]], ["metrics"])


class Relabelling(unittest.TestCase):
    """Every file, against the pods that break what is usually copied."""

    def assertScrapes(self, file, url, *targets):
        found = scraped(file, *targets)
        self.assertEqual([address for address, _ in found], [url])
        labels = dict(next(iter(found))[1])
        self.assertEqual(
            labels,
            {
                "job": "agent-exporter",
                "instance": url.split("/")[2],
                "namespace": "etl",
                "pod": "agent-0",
                "node": "node-1",
            },
        )

    def test_a_pod_with_several_ports_and_containers_is_scraped_once(self):
        ports = [
            ("agent", "http", 8080),
            ("agent", "metrics", 8081),
            ("proxy", "envoy", 15090),
            ("metrics-exporter", "metrics", 8000),
        ]
        pod = [
            pod_target(f"10.0.0.7:{number}", "10.0.0.7", container, name, scrape="true", port="8000")
            for container, name, number in ports
        ]
        for file in ("kubernetes.yml", "kubernetes-annotations.yml"):
            with self.subTest(file):
                self.assertScrapes(file, "http://10.0.0.7:8000/metrics", *pod)

    def test_an_address_of_ipv6_keeps_its_brackets(self):
        for file in ("kubernetes.yml", "kubernetes-annotations.yml"):
            with self.subTest(file):
                target = pod_target("[fd00:10::7]:8000", "fd00:10::7", scrape="true", port="8000")
                self.assertScrapes(file, "http://[fd00:10::7]:8000/metrics", target)

    def test_annotations_lead(self):
        file = "kubernetes-annotations.yml"
        everything = {"scrape": "true", "port": "9000", "path": "/m", "scheme": "https"}
        self.assertScrapes(file, "https://10.0.0.7:9000/m", pod_target("10.0.0.7:8000", "10.0.0.7", **everything))
        self.assertScrapes(file, "https://[fd00::7]:9000/m", pod_target("[fd00::7]:8000", "fd00::7", **everything))
        # A container that declares no port is found without one, and IPv6 then without brackets.
        bare = pod_target("fd00::7", "fd00::7", declared=None, scrape="true", port="9000")
        self.assertScrapes(file, "http://[fd00::7]:9000/metrics", bare)
        # Two ports, one address: one target.
        ports = [
            pod_target(f"10.0.0.7:{port}", "10.0.0.7", declared=f"port-{port}", scrape="true", port="8000")
            for port in (8000, 8001)
        ]
        self.assertScrapes(file, "http://10.0.0.7:8000/metrics", *ports)

    def test_what_is_no_port_leaves_the_declared_one(self):
        for port in ("metrics", "8000,9000", ""):
            target = pod_target("10.0.0.7:8000", "10.0.0.7", scrape="true", port=port)
            self.assertScrapes("kubernetes-annotations.yml", "http://10.0.0.7:8000/metrics", target)

    def test_a_native_sidecar_is_scraped_while_its_pod_starts(self):
        for file in ("kubernetes.yml", "kubernetes-annotations.yml"):
            target = pod_target("10.0.0.7:8000", "10.0.0.7", phase="Pending", init="true", scrape="true")
            self.assertScrapes(file, "http://10.0.0.7:8000/metrics", target)

    def test_pods_that_are_over_or_not_wanted_are_left_alone(self):
        for file in ("kubernetes.yml", "kubernetes-annotations.yml"):
            for changes in ({"phase": "Succeeded"}, {"phase": "Failed"}, {"scrape": "false"}, {"container": "other"}):
                with self.subTest(file, **changes):
                    target = pod_target("10.0.0.7:8000", "10.0.0.7", **{"scrape": "true", **changes})
                    self.assertEqual(scraped(file, target), set())
        self.assertEqual(scraped("kubernetes-annotations.yml", pod_target("10.0.0.7:8000", "10.0.0.7")), set())

    def test_of_a_worker_each_job_reads_one_port_once(self):
        """By the containers and ports of the manifest."""
        pod = read_yaml(DEPLOY / "kubernetes/worker/deployment.yaml")["spec"]["template"]["spec"]
        declared = [
            (container["name"], port["name"], port["containerPort"])
            for container in pod["initContainers"] + pod["containers"]
            for port in container["ports"]
        ]
        targets = [pod_target(f"10.0.0.7:{number}", "10.0.0.7", container, name) for container, name, number in declared]
        for file, job, port in (
            ("worker-kubernetes.yml", "webhook", 5000),
            ("worker-kubernetes.yml", "dataflow-platform", 9095),
            ("kubernetes.yml", "agent-exporter", 8000),
        ):
            with self.subTest(job):
                ((address, labels),) = scraped(file, *targets, job=job)
                self.assertEqual(address, f"http://10.0.0.7:{port}/metrics")
                expected = {"job": job, "instance": f"10.0.0.7:{port}", "namespace": "etl", "pod": "agent-0", "node": "node-1"}
                self.assertEqual(dict(labels), expected)
                over = [{**each, "labels": {**each["labels"], f"{POD}phase": "Succeeded"}} for each in targets]
                self.assertEqual(scraped(file, *over, job=job), set())


class Server(unittest.TestCase):
    def test_it_takes_the_flags_of_retention(self):
        lines = (PROMETHEUS / "prometheus.default").read_text().splitlines()
        (setting,) = [line for line in lines if line.startswith("ARGS=")]
        flags = shlex.split(shlex.split(setting)[0].removeprefix("ARGS="))
        with Prometheus({}, *flags) as prometheus:
            known = wait_until(lambda: prometheus.ask("status/flags"), what="Prometheus answers")
        kept = {name: value for name, value in known.items() if name.startswith("storage.tsdb.retention.")}
        # It counts a GB as 1024 MB.
        self.assertEqual(kept, {"storage.tsdb.retention.time": "30d", "storage.tsdb.retention.size": "50GiB"})


class Alertmanager(unittest.TestCase):
    FILE = PROMETHEUS / "alertmanager.yml"

    def test_amtool_takes_it(self):
        run("amtool", "check-config", self.FILE)

    def test_it_routes_by_severity(self):
        for severity, receiver in (("critical", "pager"), ("warning", "tickets")):
            options = f"--config.file={self.FILE}", f"--verify.receivers={receiver}"
            run("amtool", "config", "routes", "test", *options, f"severity={severity}")

    def test_a_page_about_an_agent_that_is_down_takes_at_most_two_minutes(self):
        """From when its values are withdrawn; with scrapes every 15 s and evaluations every 30 s, which may just be over."""
        (pager,) = [route for route in read_yaml(self.FILE)["route"]["routes"] if route["receiver"] == "pager"]
        waits = "15s", "30s", alerts()["AgentDown"]["for"], pager["group_wait"]
        self.assertLessEqual(sum(milliseconds(wait) for wait in waits), 120_000)

    def test_it_inhibits_alerts_that_exist_about_the_same_thing(self):
        of_pipelines = {rule["alert"] for rule in read_rules("pipeline-alerts.yml") if "pipeline_id" in str(rule["annotations"])}
        for rule in read_yaml(self.FILE)["inhibit_rules"]:
            # Those of one agent by its instance, or one agent would silence the others; those of one pipeline by its id.
            (source,) = rule["source_matchers"]
            below = [] if "ClusterNear" in source else ["instance"]
            below += ["pipeline_id"] if names(source) <= of_pipelines else []
            self.assertEqual(rule["equal"], ["cluster", "namespace", "job", *below])
            for matcher in (*rule["source_matchers"], *rule["target_matchers"]):
                self.assertTrue(names(matcher) and names(matcher) <= set(alerts()), matcher)


def names(matcher):
    """The alerts of a matcher: alertname = NAME, or alertname =~ "PREFIX(A|B)"."""
    value = matcher.split("=", 1)[1].strip('~ "')
    prefix, _, rest = value.partition("(")
    return {prefix + end for end in rest.rstrip(")").split("|")}


if __name__ == "__main__":
    unittest.main()
