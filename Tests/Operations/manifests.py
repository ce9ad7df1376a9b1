"""What the tests of Kubernetes manifests share, whoever rendered them: schemas, and the promises of the pod."""

import kubernetes_validate
import yaml
from cloudcoil.models.keda import v1alpha1 as keda
from cloudcoil.models.prometheus_operator import v1 as prometheus_operator
from support import exported_metrics

KUBERNETES_VERSIONS = ("1.29", kubernetes_validate.latest_version())
CUSTOM_RESOURCES = {
    "PodMonitor": prometheus_operator.PodMonitor,
    "ServiceMonitor": prometheus_operator.ServiceMonitor,
    "ScaledObject": keda.ScaledObject,
}
# The labels by which a resource selects pods, from its spec.
POD_SELECTORS = {
    "Deployment": lambda spec: spec["selector"]["matchLabels"],
    "Service": lambda spec: spec["selector"],
    "PodMonitor": lambda spec: spec["selector"]["matchLabels"],
    "NetworkPolicy": lambda spec: spec["podSelector"]["matchLabels"],
}
# How long the exporter may take to stop after its agent: 2 s of preStop, 5 s of looking at the agent, 7 s for replies.
STOPPING_SECONDS = 14
PROBES = {"startupProbe": "/healthz", "livenessProbe": "/healthz", "readinessProbe": "/readyz"}
AGENT_URL = "http://localhost:8080/actuator/info"
RESOURCES = {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"cpu": "100m", "memory": "64Mi"}}
# What fits that memory: test_limits opens so many.
CONNECTIONS = "2048"
AGENT_TASK_CAP = 20


def documents(text):
    return [document for document in yaml.safe_load_all(text) if document]


def of_kind(resources, kind):
    """The one resource of a kind."""
    found = [resource for resource in resources if resource["kind"] == kind]
    assert len(found) == 1, f"{len(found)} resources of kind {kind}"
    return found[0]


def validate(resources):
    """Every resource is known to the schemas, and no field is unknown in it."""
    for resource in resources:
        model = CUSTOM_RESOURCES.get(resource["kind"])
        if model:
            # The models drop what they do not know: what comes back must be what was given.
            known = model.model_validate(resource).model_dump(by_alias=True, exclude_unset=True, mode="json")
            assert known == resource, f"{resource['kind']}: unknown fields\n{resource}\n{known}"
            continue
        for version in KUBERNETES_VERSIONS:
            kubernetes_validate.validate(resource, version, strict=True)


def pod_of(resources):
    return of_kind(resources, "Deployment")["spec"]["template"]


def exporter_of(resources):
    """The exporter's container, and whether it is a native sidecar."""
    spec = pod_of(resources)["spec"]
    containers = [(container, True) for container in spec.get("initContainers", [])]
    containers += [(container, False) for container in spec["containers"]]
    found = [(container, native) for container, native in containers if container["name"] == "metrics-exporter"]
    assert len(found) == 1, f"{len(found)} containers named metrics-exporter"
    return found[0]


def environment_of(container):
    return {variable["name"]: variable.get("value") for variable in container.get("env", [])}


def scraped_schemes(resources):
    """What Prometheus is told that the port speaks: by a monitor, or by annotation."""
    annotations = pod_of(resources)["metadata"].get("annotations", {})
    monitors = [each["spec"] for each in resources if each["kind"] in ("PodMonitor", "ServiceMonitor")]
    endpoints = [endpoint for spec in monitors for endpoint in spec.get("podMetricsEndpoints") or spec["endpoints"]]
    if not endpoints:
        endpoints = [{"scheme": annotations.get("prometheus.io/scheme", "http")}]
    return {endpoint.get("scheme", "http") for endpoint in endpoints}


class PodPromises:
    """What is true of every pod that is shipped; a mixin for a TestCase."""

    def assert_pod(self, resources):
        """One whose port is open, beside an agent that asks nobody for a password."""
        container, _ = exporter_of(resources)
        self.assertEqual(environment_of(container)["METRICS_ENDPOINT"], AGENT_URL)
        self.assert_probes(container)
        self.assert_roll_out_waits(resources)
        self.assert_scraped_once(resources)
        self.assert_whole(resources)

    def assert_locked_pod(self, resources, connections=CONNECTIONS):
        """One that is locked, or asks an agent that is: what is scraped and probed speaks what the port speaks."""
        container, _ = exporter_of(resources)
        schemes = {container[name].get("httpGet", {}).get("scheme", "HTTP") for name in PROBES if "httpGet" in container[name]}
        schemes |= {scheme.upper() for scheme in scraped_schemes(resources)}
        self.assertEqual(len(schemes), 1, schemes)
        if not all("tcpSocket" in container[name] for name in PROBES):
            self.assert_probes(container)
        self.assert_files_are_mounted(container, pod_of(resources)["spec"])
        self.assert_whole(resources, connections)

    def assert_files_are_mounted(self, container, pod):
        """Every file that a variable names is below a folder that is mounted from a Secret, for the exporter alone."""
        mounts = {mount["mountPath"]: mount for mount in container.get("volumeMounts", [])}
        volumes = {volume["name"]: volume for volume in pod.get("volumes", [])}
        for mount in mounts.values():
            # What is mounted by subPath is never renewed.
            self.assertEqual((mount["readOnly"], mount.get("subPath")), (True, None))
            self.assertTrue({"secret", "projected"} & set(volumes[mount["name"]]))
        files = [value for name, value in environment_of(container).items() if name.endswith("_FILE")]
        self.assertEqual({file.rpartition("/")[0] for file in files}, set(mounts))
        for other in pod["containers"] + pod.get("initContainers", []):
            if other["name"] != container["name"]:
                theirs = {mount["name"] for mount in other.get("volumeMounts", [])}
                self.assertEqual(theirs & {mount["name"] for mount in mounts.values()}, set())

    def assert_whole(self, resources, connections=CONNECTIONS):
        container, native = exporter_of(resources)
        self.assertEqual(container.get("restartPolicy"), "Always" if native else None)
        self.assertEqual(container["ports"], [{"name": "metrics", "containerPort": 8000}])
        self.assertEqual(container["resources"], RESOURCES)
        self.assertEqual(environment_of(container)["WEB_MAX_CONNECTIONS"], connections)
        self.assert_confined(container, pod_of(resources)["spec"])
        # The autoscalers would take the 0 of an answer that cannot be read for an idle agent.
        self.assertEqual(environment_of(container)["AGENT_FALLBACK"], "omit")
        self.assert_time_to_drain(container, native, pod_of(resources)["spec"])
        self.assert_labels(resources)
        self.assert_ports_by_number(resources)

    def assert_probes(self, container):
        # Startup and liveness never depend on the agent: a native sidecar is started before it, and outlives it.
        self.assertEqual({name: container[name]["httpGet"]["path"] for name in PROBES}, PROBES)

    def assert_roll_out_waits(self, resources):
        """For the agent's first answer, and for nothing afterwards: autoscalers remove first what is not ready."""
        strategy = of_kind(resources, "Deployment")["spec"]["strategy"]
        self.assertEqual(strategy["rollingUpdate"], {"maxSurge": 1, "maxUnavailable": 0})
        agent = pod_of(resources)["spec"]["containers"][0]
        self.assertEqual(agent["startupProbe"]["httpGet"], {"path": "/actuator/info", "port": 8080})
        self.assertNotIn("readinessProbe", agent)

    def assert_confined(self, container, pod):
        context = container["securityContext"]
        self.assertTrue(context["runAsNonRoot"] and context["readOnlyRootFilesystem"])
        self.assertEqual((context["runAsUser"], context["runAsGroup"]), (65532, 65532))
        self.assertFalse(context["allowPrivilegeEscalation"])
        self.assertEqual(context["capabilities"], {"drop": ["ALL"]})
        self.assertEqual(pod["securityContext"]["seccompProfile"], {"type": "RuntimeDefault"})
        self.assertFalse(pod["automountServiceAccountToken"])

    def assert_time_to_drain(self, container, native, pod):
        grace = int(environment_of(container)["GRACE_PERIOD_SECONDS"])
        self.assertGreaterEqual(pod["terminationGracePeriodSeconds"], grace + STOPPING_SECONDS)
        if not native:
            self.assertEqual(
                container["lifecycle"]["preStop"], {"exec": {"command": ["/agent-exporter", "sleep", "2s"]}}
            )

    def assert_labels(self, resources):
        """Whatever selects pods selects these, and a ServiceMonitor the Service."""
        labels = pod_of(resources)["metadata"]["labels"].items()
        for resource in resources:
            if resource["kind"] in POD_SELECTORS:
                selector = POD_SELECTORS[resource["kind"]](resource["spec"])
                self.assertLessEqual(selector.items(), labels, resource["kind"])
                self.assertNotIn("app.kubernetes.io/version", selector)
            if resource["kind"] == "ServiceMonitor":
                selector = resource["spec"]["selector"]["matchLabels"]
                self.assertLessEqual(selector.items(), of_kind(resources, "Service")["metadata"]["labels"].items())

    def assert_ports_by_number(self, resources):
        """The named port of a native sidecar is not found by every Service and network policy."""
        for resource in resources:
            spec = resource.get("spec")
            if resource["kind"] == "Service":
                self.assertEqual([port["targetPort"] for port in spec["ports"]], [8000])
                self.assertTrue(spec["publishNotReadyAddresses"], "or a draining pod is lost")
            if resource["kind"] == "NetworkPolicy":
                self.assertEqual(spec["ingress"][0]["ports"], [{"protocol": "TCP", "port": 8000}])
                # What goes out stays open: with Egress among them, the agent would reach nobody.
                self.assertEqual((spec["policyTypes"], len(spec["ingress"])), (["Ingress"], 1))

    def assert_scraped_once(self, resources):
        annotations = pod_of(resources)["metadata"].get("annotations", {})
        monitors = [each for each in resources if each["kind"] in ("PodMonitor", "ServiceMonitor")]
        expected = {"prometheus.io/scrape": "true", "prometheus.io/port": "8000", "prometheus.io/path": "/metrics"}
        found = {name: value for name, value in annotations.items() if name.startswith("prometheus.io/")}
        self.assertEqual(found, {} if monitors else expected)
        self.assertLessEqual(len(monitors), 1)
        for monitor in monitors:
            (endpoint,) = monitor["spec"].get("podMetricsEndpoints") or monitor["spec"]["endpoints"]
            self.assertEqual((endpoint["port"], endpoint["path"]), ("metrics", "/metrics"))
            # What the alerts select exporters by.
            self.assertEqual(endpoint["relabelings"], [{"targetLabel": "job", "replacement": "agent-exporter"}])

    def assert_scaled(self, resources):
        """The autoscaler owns the replicas, asks for metrics that exist, and can reach its target."""
        deployment = of_kind(resources, "Deployment")
        self.assertNotIn("replicas", deployment["spec"])
        scaler = of_kind(resources, "HorizontalPodAutoscaler")
        self.assertEqual(scaler["spec"]["scaleTargetRef"]["name"], deployment["metadata"]["name"])
        metrics = {metric["pods"]["metric"]["name"]: metric["pods"]["target"] for metric in scaler["spec"]["metrics"]}
        self.assertEqual(set(metrics), {"app_active_task_count", "app_active_request_count"})
        self.assertLessEqual(set(metrics), set(exported_metrics()))
        self.assertLess(int(metrics["app_active_task_count"]["averageValue"]), AGENT_TASK_CAP)
        self.assert_calm(scaler["spec"]["behavior"])

    def assert_calm(self, behavior):
        """One agent in five minutes at most is told to drain, after a quarter of an hour of little load."""
        down = behavior["scaleDown"]
        self.assertGreaterEqual(down["stabilizationWindowSeconds"], 900)
        self.assertEqual(down["policies"], [{"type": "Pods", "value": 1, "periodSeconds": 300}])
        self.assertLess(behavior["scaleUp"]["stabilizationWindowSeconds"], 60)
