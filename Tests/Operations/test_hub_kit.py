"""What a hub is deployed by: valid, with one port by one name, one file on one volume, and a scrape that leaves labels alone."""

import re
import unittest

from manifests import documents, of_kind, validate
from support import DEPLOY, HUB, ROOT, alerts, read_yaml, run, tool

FOLDER = DEPLOY / "kubernetes/hub"
UNITS = {"GiB": 1 << 30, "Gi": 1 << 30}


def size(text):
    number, unit = re.fullmatch(r"(\d+)(\w+)", text).groups()
    return int(number) * UNITS[unit]


class Kubernetes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.resources = documents(run(tool("kubectl"), "kustomize", FOLDER))
        cls.set = of_kind(cls.resources, "StatefulSet")["spec"]
        cls.pod = cls.set["template"]
        (cls.container,) = cls.pod["spec"]["containers"]
        cls.environment = {each["name"]: each["value"] for each in cls.container["env"]}

    def test_it_is_valid(self):
        validate([*self.resources, read_yaml(FOLDER / "service-monitor.yaml")])

    def test_one_hub_has_one_volume_with_room_beside_the_file(self):
        self.assertEqual(self.set["replicas"], 1)
        (claim,) = self.set["volumeClaimTemplates"]
        (mount,) = self.container["volumeMounts"]
        self.assertEqual((mount["name"], mount["mountPath"]), (claim["metadata"]["name"], "/data"))
        self.assertEqual(self.environment["STORE"], "sqlite:/data/agent-hub.db")
        volume = size(claim["spec"]["resources"]["requests"]["storage"])
        self.assertLessEqual(size(self.environment["STORE_MAX_SIZE"]), 0.8 * volume)

    def test_its_image_and_its_manifest_name_one_file_and_one_user(self):
        dockerfile = (ROOT / "Dockerfile").read_text()
        self.assertIn(f"ENV STORE={self.environment['STORE']}\n", dockerfile)
        context = self.pod["spec"]["securityContext"]
        self.assertEqual(context["fsGroup"], self.container["securityContext"]["runAsUser"])
        self.assertIn(f"USER {context['fsGroup']}:{context['fsGroup']}\n", dockerfile)

    def test_the_hub_knows_every_variable(self):
        reference = run(HUB, "--help-markdown")
        for name in self.environment:
            self.assertIn(f"| `{name}` |", reference)

    def test_it_is_confined(self):
        context = self.container["securityContext"]
        self.assertTrue(context["runAsNonRoot"] and context["readOnlyRootFilesystem"])
        self.assertFalse(context["allowPrivilegeEscalation"])
        self.assertEqual(context["capabilities"], {"drop": ["ALL"]})
        self.assertEqual(self.pod["spec"]["securityContext"]["seccompProfile"], {"type": "RuntimeDefault"})
        self.assertFalse(self.pod["spec"]["automountServiceAccountToken"])

    def test_everything_finds_the_port_by_its_name(self):
        self.assertEqual(self.container["ports"], [{"name": "metrics", "containerPort": 8082}])
        for probe, path in (("startupProbe", "/healthz"), ("livenessProbe", "/healthz"), ("readinessProbe", "/readyz")):
            self.assertEqual(self.container[probe]["httpGet"], {"path": path, "port": "metrics"})
        labels = self.pod["metadata"]["labels"]
        service = of_kind(self.resources, "Service")
        self.assertLessEqual(service["spec"]["selector"].items(), labels.items())
        self.assertEqual(service["spec"]["ports"], [{"name": "metrics", "port": 8082, "targetPort": "metrics"}])
        self.assertEqual(service["metadata"]["name"], self.set["serviceName"])
        monitor = read_yaml(FOLDER / "service-monitor.yaml")["spec"]
        self.assertLessEqual(monitor["selector"]["matchLabels"].items(), service["metadata"]["labels"].items())
        pods = read_yaml(DEPLOY / "prometheus/hub-victoriametrics.yml")
        self.assertEqual((pods["apiVersion"], pods["kind"]), ("operator.victoriametrics.com/v1beta1", "VMPodScrape"))
        self.assertEqual(set(pods["spec"]), {"selector", "podMetricsEndpoints"})
        self.assertLessEqual(pods["spec"]["selector"]["matchLabels"].items(), labels.items())
        for endpoints in (monitor["endpoints"], pods["spec"]["podMetricsEndpoints"]):
            (endpoint,) = endpoints
            self.assertEqual((endpoint["port"], endpoint["honorLabels"]), ("metrics", True))
        (relabeling,) = monitor["endpoints"][0]["relabelings"]
        self.assertEqual(relabeling, {"targetLabel": "job", "replacement": "agent-hub"})


class SeveralHubs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.resources = documents(run(tool("kubectl"), "kustomize", DEPLOY / "kubernetes/hub-shared"))
        cls.set = of_kind(cls.resources, "StatefulSet")["spec"]
        (cls.container,) = cls.set["template"]["spec"]["containers"]
        cls.environment = {each["name"]: each for each in cls.container["env"]}

    def test_they_are_valid(self):
        validate(self.resources)

    def test_each_has_its_own_volume_and_name_and_all_have_one_database(self):
        self.assertEqual(self.set["replicas"], 2)
        self.assertEqual(self.environment["STORE"]["value"], "sqlite:/data/agent-hub.db")
        self.assertEqual(self.environment["NOETL_SERVER_NAME"]["valueFrom"]["fieldRef"]["fieldPath"], "metadata.name")
        self.assertEqual(self.environment["POSTGRES_SHARE"]["value"], "true")

    def test_the_address_is_a_file_of_the_secret(self):
        mounts = {mount["name"]: mount for mount in self.container["volumeMounts"]}
        self.assertEqual(self.environment["POSTGRES_URL_FILE"]["value"], f"{mounts['postgres']['mountPath']}/url")
        (volume,) = self.set["template"]["spec"]["volumes"]
        self.assertEqual(volume, {"name": "postgres", "secret": {"secretName": "agent-hub-postgres"}})

    def test_the_hub_knows_every_variable(self):
        reference = run(HUB, "--help-markdown")
        for name in self.environment:
            self.assertIn(f"| `{name}` |", reference)


class Scraping(unittest.TestCase):
    def test_prometheus_takes_the_job_whose_name_the_alerts_know(self):
        file = DEPLOY / "prometheus/hub.yml"
        run("promtool", "check", "config", file)
        (job,) = read_yaml(file)["scrape_configs"]
        self.assertTrue(job["honor_labels"])
        self.assertIn(f'up{{job=~"(.*/)?{job["job_name"]}"}}', alerts()["AgentHubDown"]["expr"])


if __name__ == "__main__":
    unittest.main()
