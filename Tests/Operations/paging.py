"""Outages played against the real programs: agents, exporters, Prometheus and Alertmanager, and who gets the messages."""

import copy
import http.server
import json
import pathlib
import re
import subprocess
import tempfile
import threading
import time
import urllib.request

import yaml

from support import BINARY, DEPLOY, Process, Prometheus, free_port, get, read_yaml

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
# How much faster everything is where it is quick: a minute takes two seconds.
QUICKER = 30


class Receiver:
    """Who gets the messages: a webhook that keeps them, with the moment at which each came."""

    def __init__(self):
        self.messages = []
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                receiver.messages.append((time.monotonic(), self.path.strip("/"), body))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def fired(self, **labels):
        """What has been sent about firing alerts of a group: (moment, receiver, message)."""
        return [
            (moment, path, body)
            for moment, path, body in list(self.messages)
            if body["status"] == "firing" and body["groupLabels"].items() >= labels.items()
        ]


class Alertmanager(Process):
    """The real one with the configuration that is shipped, but for its receivers' addresses."""

    def __init__(self, receiver, quick=False):
        self.directory = tempfile.TemporaryDirectory()
        self.address = f"127.0.0.1:{free_port()}"
        configuration = read_yaml(DEPLOY / "prometheus/alertmanager.yml")
        for each in configuration["receivers"]:
            for webhook in each["webhook_configs"]:
                webhook["url"] = f"http://{receiver.address}/{webhook['url'].rsplit('/', 1)[1]}"
        file = pathlib.Path(self.directory.name, "alertmanager.yml")
        file.write_text(yaml.safe_dump(quickened(configuration) if quick else configuration))
        super().__init__(
            "prometheus-alertmanager",
            f"--config.file={file}",
            f"--storage.path={self.directory.name}/data",
            f"--web.listen-address={self.address}",
            "--cluster.listen-address=",
            "--log.level=error",
        )

    def __exit__(self, *details):
        super().__exit__(*details)
        self.directory.cleanup()

    def answers(self):
        try:
            return get(f"http://{self.address}/-/ready")
        except OSError:
            return None


class Pair:
    """A simulated agent and the exporter beside it, or an exporter of another agent's address."""

    def __init__(self, stack, *flags, agent=None):
        self.port, self.control = free_port(), free_port()
        if agent is None:
            port = free_port()
            agent = f"http://127.0.0.1:{port}/actuator/info"
            addresses = f"--simulate.listen-address=127.0.0.1:{port}", f"--simulate.control-address=127.0.0.1:{self.control}"
            self.agent = stack.enter_context(Process(BINARY, "simulate-agent", *addresses, "--simulate.sessions=5"))
        self.exporter = stack.enter_context(
            Process(BINARY, f"--web.listen-address=127.0.0.1:{self.port}", f"--agent.url={agent}", *flags)
        )
        # Told to end, it would wait for its agent to shut down.
        stack.callback(self.exporter.process.kill)

    def change(self, **settings):
        request = urllib.request.Request(f"http://127.0.0.1:{self.control}/simulate", json.dumps(settings).encode())
        urllib.request.urlopen(request, timeout=5).close()


def watched(stack, alertmanager, jobs, interval="15s", rules=DEPLOY / "prometheus/rules/*.yml", flags=(), history=None):
    """A Prometheus of these scrape configurations, which tells that Alertmanager what it finds."""
    configuration = {
        "global": {"scrape_interval": interval, "scrape_timeout": interval, "evaluation_interval": interval},
        "rule_files": [str(rules)],
        "alerting": {"alertmanagers": [{"static_configs": [{"targets": [alertmanager.address]}]}]},
        "scrape_configs": jobs,
    }
    return stack.enter_context(Prometheus(configuration, *flags, history=history))


def quickened(value):
    """A configuration or its rules with every duration shortened."""
    if isinstance(value, dict):
        return {key: value[key] if key in ("annotations", "labels", "url") else quickened(value[key]) for key in value}
    if isinstance(value, list):
        return [quickened(each) for each in value]
    if isinstance(value, str):
        # Seconds that are written as numbers.
        value = re.sub(r"> (120|37000)\b", lambda match: f"> {int(match[1]) / QUICKER:.3f}", value)
        return re.sub(r"\b(?:\d+[smhd])+\b", lambda match: f"{milliseconds(match[0]) // QUICKER}ms", value)
    return value


def milliseconds(duration):
    return sum(int(number) * UNITS[unit] * 1000 for number, unit in re.findall(r"(\d+)([smhd])", duration))


def quick_rules(directory):
    """The rules that are shipped, with every duration shortened, in this folder: a pattern for Prometheus."""
    for file in (DEPLOY / "prometheus/rules").glob("*.yml"):
        pathlib.Path(directory, file.name).write_text(yaml.safe_dump(quickened(copy.deepcopy(read_yaml(file)))))
    subprocess.run(["promtool", "check", "rules", *pathlib.Path(directory).glob("*.yml")], check=True, capture_output=True)
    return f"{directory}/*.yml"


class FlakyAgent:
    """An agent that answers 500 to every other poll, as long as it is told to."""

    def __init__(self):
        self.fails = False
        self.polls = 0
        agent = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                agent.polls += 1
                body = b'{"agentStatus":"RUNNING","activeTaskCount":3,"activeRequestCount":3,"openSessionsCount":3}'
                self.send_response(500 if agent.fails and agent.polls % 2 else 200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}/actuator/info"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
