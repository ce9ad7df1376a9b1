"""What Helm renders from the chart is valid and keeps the pod's promises; values that make no sense are refused."""

import json
import os
import re
import tempfile
import unittest

import jsonschema
import yaml
from manifests import PodPromises, documents, environment_of, exporter_of, of_kind, pod_of, validate
from support import BINARY, DEPLOY, run, tool

CHART = DEPLOY / "helm/agent-exporter"
DIGEST = "sha256:" + "0" * 64


def merged(first, second):
    """Values over values, as Helm merges files."""
    result = dict(first)
    for key, value in second.items():
        both = isinstance(value, dict) and isinstance(result.get(key), dict)
        result[key] = merged(result[key], value) if both else value
    return result


LEAST = {
    "dpcAgent": {
        "dpcAgent": {"image": {"repository": "registry.example.com/agent", "tag": "1.0.0"}},
        "metricsExporter": {"image": {"repository": "registry.example.com/agent-exporter"}},
    }
}
SETS = {
    "the least": {},
    "a second container": {"sidecar": "container"},
    "a PodMonitor and an autoscaler": {
        "scraping": {"by": "podMonitor", "labels": {"release": "prometheus"}},
        "hpa": {"enabled": True},
        "networkPolicy": {"enabled": True, "prometheusNamespace": "observability"},
    },
    "a ServiceMonitor": {"scraping": {"by": "serviceMonitor"}},
    "KEDA": {"scraping": {"by": "podMonitor"}, "keda": {"enabled": True}},
    "everything about the pod": {
        "nameOverride": "agent",
        "imagePullSecrets": [{"name": "registry"}],
        "serviceAccount": {"create": True, "annotations": {"eks.amazonaws.com/role-arn": "arn:aws:iam::1:role/agent"}},
        "podAnnotations": {"example.com/team": "data"},
        "podLabels": {"azure.workload.identity/use": "true"},
        "podSecurityContext": {"sysctls": [{"name": "net.ipv4.tcp_keepalive_time", "value": "30"}]},
        "nodeSelector": {"kubernetes.io/os": "linux"},
        "tolerations": [{"key": "data", "operator": "Exists"}],
        "affinity": {"podAntiAffinity": {}},
        "dpcAgent": {
            "dpcAgent": {
                "env": {
                    "accountId": "12345678",
                    "MATILLION_REGION": "eu1",
                    "direct": [{"name": "DIRECT", "value": "yes"}],
                    "fromSecret": [{"name": "TOKEN", "secretName": "agent", "secretKey": "token"}],
                },
                "envFrom": [{"secretRef": {"name": "agent"}}],
                "volumes": [{"name": "tmp", "emptyDir": {}}],
                "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}],
            },
            "metricsExporter": {"args": ["--agent.max-connections=100"]},
        },
    },
}
# The values that the schema refuses, and what it then says.
BAD = {
    "a misspelling in the agent's own chart": ({"hpa": {"scaleDown": {"selctPolicy": "Min"}}}, "selctPolicy"),
    "a value of nobody's": ({"replicas": 3}, "replicas"),
    "no image": ({"dpcAgent": {"metricsExporter": {"image": {"repository": ""}}}}, "repository"),
    "a number in the environment": ({"dpcAgent": {"dpcAgent": {"env": {"accountId": 12345678}}}}, "accountId"),
    "a target that is no number": ({"hpa": {"metrics": {"target": {"averageValue": "many"}}}}, "averageValue"),
    "an unknown way to scrape": ({"scraping": {"by": "podmonitor"}}, "by"),
    "an argument that is no flag": ({"dpcAgent": {"metricsExporter": {"args": ["demo"]}}}, "args"),
    "a key that the file does not have": ({"web": {"config": {"content": {"basic_auth": {}}}}}, "basic_auth"),
    "an unknown way to probe": ({"web": {"probes": "exec"}}, "probes"),
    "a Secret's name with a slash": ({"agent": {"tls": {"existingSecret": "/run/ca.crt"}}}, "existingSecret"),
    "a grace period in words": ({"dpcAgent": {"metricsExporter": {"gracePeriodSeconds": "12h"}}}, "gracePeriodSeconds"),
}


def helm(command, values, *arguments):
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        yaml.safe_dump(merged(LEAST, values), file)
        file.flush()
        # Helm keeps nothing of ours, and asks no cluster.
        with tempfile.TemporaryDirectory() as home:
            surroundings = os.environ | {"HOME": home, "KUBECONFIG": os.devnull}
            options = ("--values", file.name, *arguments)
            return run(tool("helm"), *command, CHART, *options, env=surroundings)


def render(values, *arguments):
    return documents(helm(("template", "agents"), values, "--namespace", "agents", *arguments))


class Rendering(PodPromises, unittest.TestCase):
    def test_every_set_of_values_is_valid_and_keeps_the_promises(self):
        for name, values in SETS.items():
            with self.subTest(name):
                helm(("lint", "--strict"), values)
                resources = render(values)
                validate(resources)
                self.assert_pod(resources)

    def test_the_exporter_is_the_sidecar_that_was_asked_for(self):
        self.assertTrue(exporter_of(render({}))[1])
        self.assertFalse(exporter_of(render({"sidecar": "container"}, "--kube-version=1.28.0"))[1])

    def test_everything_has_the_name_and_labels_of_the_release(self):
        for resource in render(SETS["a PodMonitor and an autoscaler"]):
            self.assertEqual(resource["metadata"]["name"], "agents-agent-exporter")
            self.assertEqual(resource["metadata"]["labels"]["app.kubernetes.io/instance"], "agents")

    def test_a_monitor_has_the_labels_that_prometheus_selects_by(self):
        monitor = of_kind(render(SETS["a PodMonitor and an autoscaler"]), "PodMonitor")
        self.assertEqual(monitor["metadata"]["labels"]["release"], "prometheus")

    def test_prometheus_is_let_in_from_its_namespace(self):
        policy = of_kind(render(SETS["a PodMonitor and an autoscaler"]), "NetworkPolicy")
        (source,) = policy["spec"]["ingress"][0]["from"]
        self.assertEqual(
            source["namespaceSelector"]["matchLabels"], {"kubernetes.io/metadata.name": "observability"}
        )

    def test_names_that_look_like_numbers_stay_texts(self):
        values = {
            "nameOverride": "7",
            "scraping": {"by": "serviceMonitor", "interval": "1m", "scrapeTimeout": "60s"},
            "networkPolicy": {"enabled": True, "prometheusNamespace": "8"},
        }
        resources = documents(helm(("template", "9"), values, "--namespace", "10"))
        validate(resources)
        self.assert_pod(resources)

    def test_the_agent_has_the_environment_of_its_values(self):
        agent = pod_of(render(SETS["everything about the pod"]))["spec"]["containers"][0]
        self.assertEqual(
            environment_of(agent),
            {"ACCOUNT_ID": "12345678", "MATILLION_REGION": "eu1", "DIRECT": "yes", "TOKEN": None},
        )

    def test_the_exporter_takes_its_arguments_and_variables(self):
        container, _ = exporter_of(render(SETS["everything about the pod"]))
        help_text = run(BINARY, "--help")
        for argument in container["args"]:
            self.assertIn(argument.split("=")[0], help_text)
        for variable in environment_of(container):
            self.assertIn(variable, help_text)

    def test_the_startup_probe_can_be_moved_and_left_out(self):
        url = {"metricsExporter": {"agentUrl": "http://127.0.0.1:9000/info"}}
        for probe in (None, {"httpGet": {"port": 9000, "path": "/info"}}):
            agent = pod_of(render({"dpcAgent": url | {"dpcAgent": {"startupProbe": probe}}}))["spec"]["containers"][0]
            self.assertEqual(agent.get("startupProbe", {}).get("httpGet"), probe and probe["httpGet"])

    def test_the_notes_say_how_it_is_scraped(self):
        notes = helm(("install", "agents"), SETS["a ServiceMonitor"], "--dry-run=client")
        self.assertIn("Prometheus finds it by a serviceMonitor.", notes)


class Scaling(PodPromises, unittest.TestCase):
    def test_the_autoscaler_asks_for_metrics_that_exist(self):
        self.assert_scaled(render({"hpa": {"enabled": True}}))

    def test_keda_asks_the_same_of_the_pods_of_this_release(self):
        ours = of_kind(render(SETS["KEDA"]), "ScaledObject")["spec"]["triggers"]
        path = DEPLOY / "kubernetes/components/keda/scaled-object.yaml"
        shipped = yaml.safe_load(path.read_text())["spec"]["triggers"]
        for trigger, model in zip(ours, shipped, strict=True):
            query = trigger["metadata"]["query"]
            (pods,) = set(re.findall(r'pod=~"([^"]+)"', query))
            self.assertEqual(query.count("pod=~"), query.count("namespace="))
            self.assertRegex("agents-agent-exporter-7d9f8b6c5-x2x4z", rf"^(?:{pods})$")
            self.assertNotRegex("agents-agent-exporter-eu-7d9f8b6c5-x2x4z", rf"^(?:{pods})$", "of another release")
            trigger["metadata"]["query"] = query.replace(f',pod=~"{pods}"', "")
            self.assertEqual(trigger, model)

    def test_what_cannot_work_is_refused(self):
        cases = (
            ({"hpa": {"enabled": True}, "keda": {"enabled": True}}, (), "only one of them"),
            ({"hpa": {"enabled": True, "metrics": {"target": {"averageValue": "50"}}}}, (), "it would never scale"),
            ({"dpcAgent": {"dpcAgent": {"image": {"tag": ""}}}}, (), "set tag or digest"),
            ({}, ("--kube-version=1.28.0",), "set sidecar: container"),
            ({"hpa": {"minReplicas": 11}}, (), "above hpa.maxReplicas"),
            ({"dpcAgent": {"metricsExporter": {"agentUrl": "unix:/run/a.sock:/"}}}, (), "restart an agent that is well"),
            ({"scraping": {"interval": "5s", "scrapeTimeout": "10s"}}, (), "above scraping.interval"),
            ({"scraping": {"interval": "900ms", "scrapeTimeout": "1s"}}, (), "above scraping.interval"),
        )
        for values, arguments, message in cases:
            with self.subTest(message), self.assertRaisesRegex(AssertionError, message):
                render(values, *arguments)


class DropIn(unittest.TestCase):
    """The names of the agent's own chart mean what they mean there."""

    def test_the_tag_of_the_exporter(self):
        version = yaml.safe_load((CHART / "Chart.yaml").read_text())["appVersion"]
        own = {"dpcAgent": {"metricsExporter": {"image": {"tag": "own"}}}}
        every = own | {"applicationImageTag": "both", "metricsExporterImageTag": "exporter"}
        digest = merged(every, {"dpcAgent": {"metricsExporter": {"image": {"digest": DIGEST}}}})
        cases = (
            ({}, f":{version}"),
            (own, ":own"),
            (own | {"applicationImageTag": "both"}, ":both"),
            (every, ":exporter"),
            (digest, f"@{DIGEST}"),
        )
        for values, suffix in cases:
            with self.subTest(suffix):
                container, _ = exporter_of(render(values))
                self.assertEqual(container["image"], f"registry.example.com/agent-exporter{suffix}")

    def test_the_tag_of_the_agent(self):
        agent = pod_of(render({"applicationImageTag": "both"}))["spec"]["containers"][0]
        self.assertEqual(agent["image"], "registry.example.com/agent:both")

    def test_a_block_of_values_is_taken_as_it_is(self):
        block = {
            "image": {"repository": "registry.example.com/agent-exporter", "tag": "1.2.3"},
            "imagePullPolicy": "Always",
            "gracePeriodSeconds": 600,
            "resources": {
                "limits": {"cpu": "1000m", "memory": "1024Mi"},
                "requests": {"cpu": "500m", "memory": "512Mi"},
            },
        }
        resources = render({"dpcAgent": {"metricsExporter": block, "dpcAgent": {"gracePeriodSeconds": 300}}})
        container, _ = exporter_of(resources)
        self.assertEqual(container["imagePullPolicy"], "Always")
        self.assertEqual(container["resources"], block["resources"])
        self.assertEqual(environment_of(container)["GRACE_PERIOD_SECONDS"], "600")
        self.assertEqual(pod_of(resources)["spec"]["terminationGracePeriodSeconds"], 620)


class Values(unittest.TestCase):
    def setUp(self):
        self.schema = json.loads((CHART / "values.schema.json").read_text())
        self.defaults = yaml.safe_load((CHART / "values.yaml").read_text())

    def test_good_values_are_accepted(self):
        jsonschema.Draft7Validator.check_schema(self.schema)
        for name, values in SETS.items():
            with self.subTest(name):
                jsonschema.validate(merged(self.defaults, merged(LEAST, values)), self.schema)

    def test_bad_values_are_refused_by_name(self):
        for name, (values, word) in BAD.items():
            with self.subTest(name):
                with self.assertRaises(jsonschema.ValidationError):
                    jsonschema.validate(merged(self.defaults, merged(LEAST, values)), self.schema)
                with self.assertRaisesRegex(AssertionError, f"(?s)schema.*{word}"):
                    render(values)

    def test_the_readme_has_every_value_and_no_other(self):
        documented = documented_values((CHART / "README.md").read_text())
        leaves = set(leaf_values(self.defaults))
        for value in documented:
            self.assertTrue(any(leaf == value or leaf.startswith(value + ".") for leaf in leaves), value)
        for leaf in leaves:
            self.assertTrue(any(leaf == value or leaf.startswith(value + ".") for value in documented), leaf)

    def test_the_versions_are_those_of_the_program(self):
        chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
        self.assertIn(chart["appVersion"], run(BINARY, "--version"))


def documented_values(page):
    """The names in the first column; `.tag` after `a.image.repository` is `a.image.tag`."""
    names = []
    for row in re.findall(r"^\| (`[^|]*) \|", page, re.M):
        for name in re.findall(r"`([^`]+)`", row):
            names.append(names[-1].rpartition(".")[0] + name if name.startswith(".") else name)
    return names


def leaf_values(values, prefix=""):
    for key, value in values.items():
        if isinstance(value, dict) and value:
            yield from leaf_values(value, f"{prefix}{key}.")
        else:
            yield prefix + key


if __name__ == "__main__":
    unittest.main()
