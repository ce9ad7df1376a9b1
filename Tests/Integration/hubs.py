"""The hub under test, and reports for it."""

import json
import pathlib
import subprocess

from support import BINARY, Server, free_port, wait_until

HUB = str(pathlib.Path(BINARY).with_name("agent-hub"))


class Hub(Server):
    """A hub that is ready to be asked when this returns. It keeps its reports in memory unless it is told otherwise."""

    def __init__(self, *flags, environment=None, ready=True, port=None):
        self.port = port or free_port()
        own = [f"--web.listen-address=127.0.0.1:{self.port}", "--self-report.interval=0s"]
        store = [] if any(flag.startswith("--store=") for flag in flags) else ["--store=memory"]
        command = [] if flags and not flags[0].startswith("-") else ["serve"]
        super().__init__(*command, *flags[: 1 - len(command)], *own, *store, *flags[1 - len(command) :],
                         environment=environment, binary=HUB)
        if ready:
            wait_until(self.is_ready, what="the hub is ready")

    def is_ready(self):
        return self.is_listening() and self.get("/readyz").status == 200

    def post(self, path, document=None, headers=None):
        body = document if isinstance(document, (bytes, str, type(None))) else json.dumps(document)
        return self.get(path, "POST", {"Content-Type": "application/json"} | (headers or {}), body)

    def report(self, document, headers=None):
        return self.post("/api/metrics/report", document, headers)

    def query(self, parameters=""):
        answer = self.get(f"/api/metrics/query?{parameters}")
        assert answer.status == 200, answer.text
        return json.loads(answer.bytes)

    @property
    def samples(self):
        """Every line of /metrics that is no comment, by what stands before its value."""
        lines = self.get().text.splitlines()
        return dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))

    def wait_for(self, series, value, seconds=5):
        return wait_until(lambda: self.samples.get(series) == value, seconds, f"{series} = {value}")


def sample(name="m", value=1.0, kind="gauge", **fields):
    return {"metric_name": name, "metric_type": kind, "metric_value": value} | fields


def report(*metrics, name="worker", type="worker_pool", **fields):
    return {"component_name": name, "component_type": type, "metrics": list(metrics or [sample()])} | fields


# What the document of the predecessor shows.
SEED = {
    "component_name": "worker-cpu-01",
    "component_type": "worker_pool",
    "metrics": [
        {
            "metric_name": "noetl_system_cpu_usage_percent",
            "metric_type": "gauge",
            "metric_value": 45.2,
            "timestamp": "2024-01-01T12:00:00Z",
            "labels": {"component": "worker-cpu-01", "hostname": "node-1"},
            "help_text": "CPU usage percentage",
            "unit": "percent",
        }
    ],
}


def exported(path):
    """Every report of a store, by the program's own export."""
    command = [HUB, "store", "export", f"--store=sqlite:{path}"]
    lines = subprocess.run(command, capture_output=True, check=True).stdout.splitlines()
    return [json.loads(line) for line in lines]
