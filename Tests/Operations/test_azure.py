"""deploy/azure: the metrics add-on reads the ConfigMaps, and Azure's client library knows the Container App."""

import re
import tomllib
import unittest

import yaml
from azure.mgmt.appcontainers import models
from manifests import STOPPING_SECONDS, documents, environment_of, validate
from support import DEPLOY, check_scrapes

AZURE = DEPLOY / "azure"
# Of the sections that the add-on knows, those that are used.
SETTINGS = {
    "schema-version",
    "config-version",
    "pod-annotation-based-scraping",
    "default-targets-scrape-interval-settings",
}


def config_map(name):
    (found,) = documents((AZURE / f"{name}.yaml").read_text())
    return found


def unknown_fields(model, path=""):
    """What a document has and the model of Azure's API has not; the library itself lets it pass."""
    fields = {field._rest_name: attribute for attribute, field in type(model)._attr_to_rest_field.items()}
    for name in model:
        if name not in fields:
            yield f"{path}.{name}"
            continue
        value = getattr(model, fields[name])
        for each in value if isinstance(value, list) else [value]:
            if hasattr(each, "_attr_to_rest_field"):
                yield from unknown_fields(each, f"{path}.{name}")


class ConfigMaps(unittest.TestCase):
    def test_they_are_valid_and_where_the_add_on_looks(self):
        for name in ("ama-metrics-settings-configmap", "ama-metrics-prometheus-config"):
            found = config_map(name)
            validate([found])
            self.assertEqual(found["metadata"], {"name": name, "namespace": "kube-system"})

    def test_the_settings_are_those_of_the_add_on(self):
        data = config_map("ama-metrics-settings-configmap")["data"]
        self.assertEqual(set(data), SETTINGS)
        self.assertEqual(data["schema-version"], "v1")
        namespaces = tomllib.loads(data["pod-annotation-based-scraping"])
        self.assertEqual(namespaces, {"podannotationnamespaceregex": "agents"})
        intervals = tomllib.loads(data["default-targets-scrape-interval-settings"])
        self.assertEqual(intervals, {"podannotations": "15s"})

    def test_the_scrape_job_is_accepted_and_known_to_the_alerts(self):
        text = config_map("ama-metrics-prometheus-config")["data"]["prometheus-config"]
        check_scrapes(text)
        (job,) = yaml.safe_load(text)["scrape_configs"]
        self.assertEqual(job["job_name"], "agent-exporter")
        rules = job["relabel_configs"]
        kept = [rule["regex"] for rule in rules if rule.get("action") == "keep"]
        self.assertEqual(kept, ["metrics-exporter;metrics"])
        labels = [rule["target_label"] for rule in rules if "target_label" in rule]
        self.assertEqual(labels, ["namespace", "pod", "node"])


class ContainerApp(unittest.TestCase):
    def setUp(self):
        self.document = yaml.safe_load((AZURE / "container-app.yaml").read_text())
        self.template = self.document["properties"]["template"]
        self.agent, self.exporter = self.template["containers"]

    def test_azure_knows_every_field(self):
        self.assertEqual(list(unknown_fields(models.ContainerApp(self.document))), [])
        types = {probe["type"] for probe in self.exporter["probes"]}
        self.assertLessEqual(types, {kind.value for kind in models.Type})

    def test_its_size_is_one_that_is_offered(self):
        sizes = [container["resources"] for container in self.template["containers"]]
        cpu = sum(size["cpu"] for size in sizes)
        memory = sum(float(size["memory"].removesuffix("Gi")) for size in sizes)
        self.assertEqual(memory, 2 * cpu)
        self.assertEqual(cpu % 0.25, 0)

    def test_one_scrape_reads_one_agent(self):
        self.assertEqual(self.template["scale"], {"minReplicas": 1, "maxReplicas": 1})
        ingress = self.document["properties"]["configuration"]["ingress"]
        self.assertEqual((ingress["external"], ingress["targetPort"]), (False, 8000))

    def test_the_exporter_has_the_probes_and_the_time_of_the_pods(self):
        paths = {probe["type"]: probe["httpGet"]["path"] for probe in self.exporter["probes"]}
        self.assertEqual(paths, {"Startup": "/healthz", "Liveness": "/healthz", "Readiness": "/readyz"})
        grace = int(environment_of(self.exporter)["GRACE_PERIOD_SECONDS"])
        self.assertLess(grace + STOPPING_SECONDS, self.template["terminationGracePeriodSeconds"])

    def test_every_secret_that_is_used_is_there(self):
        secrets = {secret["name"] for secret in self.document["properties"]["configuration"]["secrets"]}
        used = set(re.findall(r"secretRef: (\S+)", (AZURE / "container-app.yaml").read_text()))
        self.assertEqual(used, secrets)


if __name__ == "__main__":
    unittest.main()
