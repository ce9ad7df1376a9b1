"""deploy/aws: the template is valid, the scaling asks for what is published, the health check finds the exporter."""

import json
import os
import pathlib
import re
import subprocess
import sys
import unittest

import jsonschema
import yaml
from cfnlint.decode import cfn_yaml
from manifests import AGENT_TASK_CAP, CONNECTIONS, STOPPING_SECONDS, documents, validate
from support import BINARY, DEPLOY, check_scrapes, exported_metrics, free_port, run, wait_until

AWS = DEPLOY / "aws"
TEMPLATE = AWS / "ecs-agent.yaml"
STRINGS = {"type": "array", "minItems": 1, "items": {"type": "string"}}


def closed(properties, optional=()):
    """An object with these properties and no other."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "additionalProperties": False, "properties": properties, "required": required}


# The part of the CloudWatch agent's configuration that is used here, as its documentation describes it.
DECLARATION = closed(
    {
        "source_labels": STRINGS,
        "label_matcher": {"type": "string"},
        "dimensions": {"type": "array", "minItems": 1, "items": STRINGS},
        "metric_selectors": STRINGS,
    }
)
PROCESSOR = closed(
    {
        "metric_namespace": {"type": "string"},
        "metric_declaration_dedup": {"type": "boolean"},
        "metric_declaration": {"type": "array", "minItems": 1, "items": DECLARATION},
    }
)
PROMETHEUS = closed(
    {
        "cluster_name": {"type": "string"},
        "log_group_name": {"type": "string"},
        "prometheus_config_path": {"type": "string"},
        "emf_processor": PROCESSOR,
    },
    optional=("cluster_name",),
)
LOGS = closed({"metrics_collected": closed({"prometheus": PROMETHEUS}), "force_flush_interval": {"type": "integer"}})
AGENT = closed({"logs": LOGS})


def template():
    return cfn_yaml.load(str(TEMPLATE))


def properties(name):
    return template()["Resources"][name]["Properties"]


def container(name):
    (found,) = [each for each in properties("Task")["ContainerDefinitions"] if each["Name"] == name]
    return found


def environment(name):
    return {variable["Name"]: variable["Value"] for variable in container(name)["Environment"]}


def ecs_configurations():
    """The two configurations of the CloudWatch agent: Prometheus's and its own."""
    found = environment("cloudwatch-agent")
    return found["PROMETHEUS_CONFIG_CONTENT"]["Fn::Sub"], found["CW_CONFIG_CONTENT"]["Fn::Sub"]


def eks_configurations():
    maps = {each["metadata"]["name"]: each["data"] for each in eks_manifests()}
    return maps["prometheus-config"]["prometheus.yaml"], maps["prometheus-cwagentconfig"]["cwagentconfig.json"]


def eks_manifests():
    return documents((AWS / "eks-cloudwatch-agent.yaml").read_text())


def labels_of(job):
    """The labels that a job's series have and the exporter does not give them."""
    static = {label for group in job.get("static_configs", []) for label in group["labels"]}
    return static | {rule["target_label"] for rule in job.get("relabel_configs", []) if "target_label" in rule}


class CloudWatchAgent(unittest.TestCase):
    def test_what_is_published_exists_and_has_its_dimensions(self):
        for scrapes, agent in (ecs_configurations(), eks_configurations()):
            (job,) = yaml.safe_load(scrapes)["scrape_configs"]
            prometheus = json.loads(agent)["logs"]["metrics_collected"]["prometheus"]
            available = labels_of(job) | ({"ClusterName"} if "cluster_name" in prometheus else set())
            for declaration in prometheus["emf_processor"]["metric_declaration"]:
                self.assertEqual(declaration["source_labels"], ["job"])
                self.assertRegex(job["job_name"], declaration["label_matcher"])
                for dimensions in declaration["dimensions"]:
                    self.assertLessEqual(set(dimensions), available)
                self.assertLessEqual(selected(declaration), set(exported_metrics()))
                # Of a counter the CloudWatch agent publishes differences, of a histogram nothing.
                self.assertEqual({exported_metrics()[name] for name in selected(declaration)}, {"gauge"})

    def test_prometheus_accepts_the_scrape_configurations(self):
        for scrapes, _ in (ecs_configurations(), eks_configurations()):
            check_scrapes(re.sub(r"\$\{\w+\}", "value", scrapes))

    def test_the_agents_configurations_have_its_shape(self):
        for _, agent in (ecs_configurations(), eks_configurations()):
            jsonschema.validate(json.loads(agent), AGENT)

    def test_the_config_maps_are_valid(self):
        validate(eks_manifests())

    def test_each_configuration_is_read_where_the_other_says(self):
        self.assertIn('"env:PROMETHEUS_CONFIG_CONTENT"', ecs_configurations()[1])
        # Where prometheus-eks.yaml mounts the ConfigMap prometheus-config.
        self.assertIn('"/etc/prometheusconfig/prometheus.yaml"', eks_configurations()[1])


def selected(declaration):
    return {re.fullmatch(r"\^(\w+)\$", selector)[1] for selector in declaration["metric_selectors"]}


class Template(unittest.TestCase):
    def test_cfn_lint_has_nothing_to_say(self):
        run(pathlib.Path(sys.executable).with_name("cfn-lint"), TEMPLATE)

    def test_the_scaling_asks_for_what_is_published(self):
        processor = json.loads(ecs_configurations()[1])["logs"]["metrics_collected"]["prometheus"]["emf_processor"]
        (declaration,) = processor["metric_declaration"]
        for query in scaling_metrics():
            metric = query.get("MetricStat", {}).get("Metric")
            if metric:
                self.assertEqual(metric["Namespace"], processor["metric_namespace"])
                self.assertIn(metric["MetricName"], selected(declaration))
                self.assertIn([dimension["Name"] for dimension in metric["Dimensions"]], declaration["dimensions"])
                for dimension in metric["Dimensions"]:
                    self.assertEqual(dimension["Value"], {"Ref": dimension["Name"]})

    def test_a_silent_agent_is_neither_idle_nor_a_reason_for_another(self):
        (query,) = [query for query in scaling_metrics() if query["ReturnData"]]
        expression = query["Expression"]["Fn::Sub"].replace("${TasksPerAgent}", "15")
        functions = {"IF": lambda condition, one, other: one if condition else other}
        # Tasks of one agent or two, with two samples a minute of each: both known, one silent, one silent beside a full
        # one, and beside one that has more tasks than both should.
        for tasks, known, mean in ((4 * 12, 4, 12), (2 * 4, 2, (4 + 15) / 2), (2 * 20, 2, 15), (2 * 34, 2, 17)):
            self.assertEqual(eval(expression, functions | {"tasks": tasks, "known": known, "agents": 4}), mean)

    def test_what_cannot_be_read_is_not_published_as_idle(self):
        self.assertEqual(environment("metrics-exporter")["AGENT_FALLBACK"], "omit")
        self.assertEqual(environment("metrics-exporter")["WEB_MAX_CONNECTIONS"], CONNECTIONS)

    def test_the_roles_may_do_what_is_needed_and_no_more(self):
        allowed = {}
        for role in ("ExecutionRole", "TaskRole"):
            for policy in properties(role)["Policies"]:
                for statement in policy["PolicyDocument"]["Statement"]:
                    actions = statement["Action"]
                    for action in [actions] if isinstance(actions, str) else actions:
                        allowed[role, action] = statement["Resource"]
        events, file = {"Fn::GetAtt": ["MetricEvents", "Arn"]}, {"Ref": "AgentEnvironmentFile"}
        expected = {
            ("ExecutionRole", "s3:GetObject"): file,
            ("ExecutionRole", "s3:GetBucketLocation"): {"Fn::Select": [0, {"Fn::Split": ["/", file]}]},
            ("TaskRole", "logs:CreateLogStream"): events,
            ("TaskRole", "logs:DescribeLogStreams"): events,
            ("TaskRole", "logs:PutLogEvents"): events,
        }
        self.assertEqual(allowed, expected)

    def test_the_target_is_below_what_an_agent_takes(self):
        parameter = template()["Parameters"]["TasksPerAgent"]
        self.assertLess(parameter["MaxValue"], AGENT_TASK_CAP)
        self.assertNotIn("DesiredCount", properties("Service"))

    def test_the_exporter_stops_after_the_agent(self):
        self.assertEqual(container("agent")["DependsOn"][0]["ContainerName"], "metrics-exporter")
        self.assertEqual(container("metrics-exporter")["DependsOn"][0]["ContainerName"], "cloudwatch-agent")
        grace = int(environment("metrics-exporter")["GRACE_PERIOD_SECONDS"])
        self.assertLess(grace + STOPPING_SECONDS, container("metrics-exporter")["StopTimeout"])

    def test_the_exporter_is_confined(self):
        exporter = container("metrics-exporter")
        self.assertEqual(exporter["User"], "65532:65532")
        self.assertTrue(exporter["ReadonlyRootFilesystem"])
        self.assertEqual(exporter["LinuxParameters"], {"Capabilities": {"Drop": ["ALL"]}})
        self.assertEqual((exporter["MemoryReservation"], exporter["Memory"]), (16, 64))

    def test_the_health_check_finds_the_exporter(self):
        port = free_port()
        given = environment("metrics-exporter")
        self.assertEqual(given["WEB_LISTEN_ADDRESS"], "127.0.0.1:8000")
        surroundings = os.environ | given | {"WEB_LISTEN_ADDRESS": f"127.0.0.1:{port}"}
        kind, program, *arguments = container("metrics-exporter")["HealthCheck"]["Command"]
        self.assertEqual((kind, program), ("CMD", "/agent-exporter"))

        def is_healthy():
            return subprocess.run([BINARY, *arguments], env=surroundings, capture_output=True).returncode == 0

        self.assertFalse(is_healthy())
        with subprocess.Popen([BINARY], env=surroundings, stderr=subprocess.DEVNULL) as exporter:
            try:
                wait_until(is_healthy, what="health")
            finally:
                exporter.kill()


def scaling_metrics():
    configuration = properties("ScalingPolicy")["TargetTrackingScalingPolicyConfiguration"]
    return configuration["CustomizedMetricSpecification"]["Metrics"]


if __name__ == "__main__":
    unittest.main()
