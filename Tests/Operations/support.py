"""What the tests of deploy and docs share."""

import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
DOCS = ROOT / "docs"
BINARY = os.environ["AGENT_EXPORTER"]
HUB = str(pathlib.Path(BINARY).with_name("agent-hub"))
WORKER = str(pathlib.Path(BINARY).with_name("pipeline-worker"))

# Made by Prometheus itself for every target, by the kubelet (cAdvisor), and by a JVM that is scraped itself (Micrometer).
FOREIGN_METRICS = {
    "up",
    "scrape_duration_seconds",
    "scrape_samples_scraped",
    "container_memory_working_set_bytes",
    "container_cpu_usage_seconds_total",
    "container_spec_memory_limit_bytes",
    "jvm_memory_used_bytes",
    "jvm_memory_max_bytes",
    "jvm_gc_memory_promoted_bytes_total",
    "jvm_gc_pause_seconds_sum",
    "jvm_gc_pause_seconds_count",
    "jvm_threads_live_threads",
}
# What workers and the hub itself report under these names.
REPORTED_METRICS = {
    "noetl_system_cpu_usage_percent",
    "noetl_system_memory_usage_percent",
    "noetl_process_memory_rss_bytes",
    "noetl_worker_active_tasks",
    "noetl_worker_queue_size",
    "noetl_server_active_workers",
    "noetl_server_queue_size",
    "noetl_uptime_seconds",
    "custom_work_items_processed",
}
# What every dashboard of agents can be narrowed by, that of hubs (there `instance` may be a component's own) and that of pipelines.
CHOICES = ("cluster", "namespace", "job", "instance", "pod")
HUB_CHOICES = ("cluster", "namespace", "job", "component_type", "component", "metric")
PIPELINE_CHOICES = ("cluster", "namespace", "job", "instance", "pipeline_id")
# Those that may stand apart from their parenthesis: sum by (job) (…).
AGGREGATIONS = {"sum", "min", "max", "avg", "count", "group", "topk", "bottomk", "quantile"}


def run(*command, **options):
    """The output of a command, whose failure is the test's."""
    finished = subprocess.run(command, capture_output=True, text=True, **options)
    assert finished.returncode == 0, f"{' '.join(map(str, command))}\n{finished.stdout}{finished.stderr}"
    return finished.stdout


def tool(name):
    """kubectl or helm: as Tests/setup has unpacked it, or from the PATH."""
    unpacked = ROOT / ".build" / "tools" / name
    found = unpacked if unpacked.exists() else shutil.which(name)
    assert found, f"{name} is neither in .build/tools nor on the PATH"
    return found


def check_scrapes(text):
    """promtool on a scrape configuration. Debian builds it without Kubernetes discovery, so that is looked at here."""
    configuration = yaml.safe_load(text)
    for job in configuration["scrape_configs"]:
        assert job.pop("kubernetes_sd_configs", [{"role": "pod"}]) == [{"role": "pod"}]
    promtool("check", "config", "prometheus.yml", prometheus_yml=yaml.safe_dump(configuration))


def promtool(*arguments, **files):
    """promtool on files with these contents, in a directory of their own: a_yml="…" is a.yml."""
    with tempfile.TemporaryDirectory() as directory:
        for name, content in files.items():
            pathlib.Path(directory, name.replace("_yml", ".yml")).write_text(content)
        return run("promtool", *arguments, cwd=directory)


def exported_metrics(binary=BINARY):
    """The names in the reference that a binary prints: what rules, dashboards and manifests may name."""
    reference = run(binary, "--help-markdown")
    section = reference.split("## Metrics", 1)[1]
    return {match[1]: match[2] for match in re.finditer(r"^\| `(\w+)[^|]*\| (\w+) \|", section, re.M)}


def read_yaml(path):
    return yaml.safe_load(path.read_text())


def read_rules(file):
    """The rules of one file of deploy/prometheus/rules."""
    return [rule for group in read_yaml(DEPLOY / "prometheus/rules" / file)["groups"] for rule in group["rules"]]


def rules():
    """Every rule of deploy/prometheus/rules, alerting and recording."""
    return [rule for file in sorted((DEPLOY / "prometheus/rules").glob("*.yml")) for rule in read_rules(file.name)]


def impatient_rules(directory):
    """The rules that are shipped, each evaluated as often as the server does, in this folder: a pattern for Prometheus."""
    for file in (DEPLOY / "prometheus/rules").glob("*.yml"):
        groups = [{key: value for key, value in group.items() if key != "interval"} for group in read_yaml(file)["groups"]]
        pathlib.Path(directory, file.name).write_text(yaml.safe_dump({"groups": groups}))
    return f"{directory}/*.yml"


def alerts():
    return {rule["alert"]: rule for rule in rules() if "alert" in rule}


def queryable_metrics():
    """What a query may name: series of the exporter, of the hub and those who report to it, of the worker, of the rules, of
    Prometheus, of the kubelet and of a JVM."""
    names = {rule["record"] for rule in rules() if "record" in rule} | REPORTED_METRICS
    for name, kind in (exported_metrics() | exported_metrics(HUB) | exported_metrics(WORKER)).items():
        names |= {f"{name}_bucket", f"{name}_sum", f"{name}_count"} if kind == "histogram" else {name}
    return names | FOREIGN_METRICS


def metric_names(expression):
    """The metrics that a PromQL expression reads. Every other identifier is a function, a keyword or a label."""
    text = re.sub(r'"[^"]*"|\'[^\']*\'', '""', expression)
    text = re.sub(r"\{[^}]*\}|\[[^]]*\]", " ", text)
    text = re.sub(r"\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)", " ", text)
    text = re.sub(r"\boffset\s+\w+|(?<![\w:])\d[\w.]*", " ", text)
    identifiers = re.findall(r"[A-Za-z_:][\w:]*(?!\s*\(|[\w:])", text)
    return set(identifiers) - {"and", "or", "unless", "bool", "group_left", "group_right", *AGGREGATIONS}


def dashboards():
    return [json.loads(file.read_text()) for file in sorted((DEPLOY / "grafana/dashboards").glob("*.json"))]


def is_of_hub(dashboard):
    return dashboard["uid"] == "agent-hub"


def is_of_pipelines(dashboard):
    return dashboard["uid"] == "pipelines"


def is_of_agents(dashboard):
    return not is_of_hub(dashboard) and not is_of_pipelines(dashboard)


def choices_of(dashboard):
    return HUB_CHOICES if is_of_hub(dashboard) else PIPELINE_CHOICES if is_of_pipelines(dashboard) else CHOICES


def data_panels(dashboard):
    """The panels of a dashboard that show something."""
    return [panel for panel in dashboard["panels"] if panel["type"] != "row"]


def expressions(shown=lambda dashboard: True):
    """Every query of every dashboard, by where it stands."""
    return [
        (f"{dashboard['title']}: {panel['title']} {target['refId']}", target["expr"])
        for dashboard in dashboards()
        if shown(dashboard)
        for panel in data_panels(dashboard)
        for target in panel["targets"]
    ]


def documents():
    """Every page of documentation."""
    return [ROOT / "README.md", *sorted(DOCS.rglob("*.md")), *sorted(DEPLOY.rglob("*.md"))]


def mentions(pattern):
    """What the documentation says that matches a pattern: (page, match) for each."""
    pages = [(str(page.relative_to(ROOT)), page.read_text()) for page in documents()]
    return [(name, match) for name, text in pages for match in re.findall(pattern, text)]


def documented_queries():
    """The PromQL blocks of the documentation, in which INSTANCE and the like stand for values."""
    return mentions(r"(?s)```promql\n(.*?)```")


class Process:
    """A program that runs as long as a test does, and whose end the test waits for."""

    def __init__(self, *command):
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen([str(word) for word in command], stdout=self.log, stderr=self.log)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()

    @property
    def output(self):
        # pread, because the child writes by the same open file.
        return os.pread(self.log.fileno(), 1 << 20, 0).decode()


class Prometheus(Process):
    """A real server with a configuration of the test's, its storage in a folder that goes with it, in which there may be samples
    of the past: OpenMetrics with times."""

    def __init__(self, configuration, *flags, history=None):
        self.directory = tempfile.TemporaryDirectory()
        self.address = f"127.0.0.1:{free_port()}"
        file = pathlib.Path(self.directory.name, "prometheus.yml")
        file.write_text(yaml.safe_dump(configuration))
        if history:
            past = pathlib.Path(self.directory.name, "past")
            past.write_text(history)
            run("promtool", "tsdb", "create-blocks-from", "openmetrics", past, f"{self.directory.name}/data")
        super().__init__(
            "prometheus",
            f"--config.file={file}",
            f"--storage.tsdb.path={self.directory.name}/data",
            f"--web.listen-address={self.address}",
            "--log.level=error",
            *flags,
        )

    def __exit__(self, *details):
        super().__exit__(*details)
        self.directory.cleanup()

    def ask(self, path, **parameters):
        """The data of an answer of its API, or None while it cannot answer."""
        try:
            return json.loads(get(f"http://{self.address}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"))["data"]
        except urllib.error.HTTPError as error:
            if error.code == 503:
                return None
            raise AssertionError(f"{parameters}: {error.read().decode()}") from None
        except OSError:
            return None


def job(name, target, **labels):
    """A job of a scrape configuration with one target."""
    return {"job_name": name, "static_configs": [{"targets": [target], "labels": labels}]}


def get(url):
    with urllib.request.urlopen(url, timeout=5) as answer:
        return answer.read()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, seconds=15, what="the condition"):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        result = condition()
        if result:
            return result
        time.sleep(0.05)
    raise AssertionError(f"{what} did not come true in {seconds} s")
