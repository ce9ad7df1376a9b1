"""The workers of Examples, run as the page about them says: scraped, seen in a hub, and while the hub is away."""

import http.server
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import threading
import unittest
import urllib.error
import urllib.request

import yaml

from hubs import Hub, exported
from pages import ROOT, Reader, blocks
from support import free_port, wait_until
from test_hub_docs import Guided
from test_prometheus import Prometheus

SWIFT = str(pathlib.Path(os.environ["AGENT_EXPORTER"]).with_name("worker"))
SOURCES = {"swift": ROOT / "Examples/Worker/main.swift", "python": ROOT / "Examples/PythonWorker/worker.py"}
PYTHON = [sys.executable, str(SOURCES["python"])]
PAGE = ROOT / "docs/instrument-your-worker.md"
# Three tasks that are done, and one that is not.
TASKS = b"1 2 3\n4 5\nsix\n7\n"
NOBODY = "http://127.0.0.1:1"


class Worker:
    """A worker that reads what it is given until `end`."""

    def __init__(self, *command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()

    def write(self, text):
        self.process.stdin.write(text)
        self.process.stdin.flush()

    def end(self, seconds=20):
        """What it has printed, and said on standard error."""
        said = self.process.communicate(timeout=seconds)
        return [text.decode().splitlines() for text in said]


def series(name, component, more=""):
    return f'{name}{{component="{component}",component_type="worker_pool"{more}}}'


class Workers(unittest.TestCase):
    def assert_counted(self, samples, named):
        """Three tasks that are done and one that is not; `named` gives a series its labels."""
        expected = {
            "app_completed_tasks_total": "3",
            "app_failed_tasks_total": "1",
            "app_task_duration_seconds_count": "4",
            "noetl_worker_active_tasks": "0",
        }
        self.assertEqual({name: samples.get(named(name)) for name in expected}, expected)
        self.assertEqual(samples.get(named("app_task_duration_seconds_bucket", ',le="+Inf"')), "4")
        self.assertEqual(samples.get(named("app_task_duration_seconds_bucket", ',le="60.0"')), "4")
        self.assertGreater(float(samples[named("app_task_duration_seconds_sum")]), 0)

    def test_the_one_in_swift_is_scraped_and_is_in_the_hub(self):
        port = free_port()
        with Hub() as hub, Worker(SWIFT, f"127.0.0.1:{port}", f"http://127.0.0.1:{hub.port}") as worker:
            # What it has counted before its first task is there, too: a rate needs it.
            hub.wait_for(series("app_completed_tasks_total", "sums"), "0")
            worker.write(TASKS)
            wait_until(lambda: scraped(port).get("app_task_duration_seconds_count") == "4", what="four tasks that are counted")
            bare = lambda name, more="": name + (more and f"{{{more[1:]}}}")
            self.assert_counted(scraped(port), bare)
            said, troubles = worker.end()
            self.assertEqual((worker.process.returncode, said, troubles), (0, ["6.0", "9.0", "7.0"], []))
            # What it exports is made once a second.
            hub.wait_for(series("app_task_duration_seconds_count", "sums"), "4")
            self.assert_counted(hub.samples, lambda name, more="": series(name, "sums", more))

    def test_the_one_in_python_is_in_the_hub(self):
        with Hub() as hub, Worker(*PYTHON, f"http://127.0.0.1:{hub.port}") as worker:
            hub.wait_for(series("app_completed_tasks_total", "sums-python"), "0")
            worker.write(TASKS)
            said, troubles = worker.end()
            self.assertEqual((worker.process.returncode, said, troubles), (0, ["6.0", "9.0", "7.0"], []))
            # What it exports is made once a second.
            hub.wait_for(series("app_task_duration_seconds_count", "sums-python"), "4")
            self.assert_counted(hub.samples, lambda name, more="": series(name, "sums-python", more))
            self.assertEqual(hub.samples['agent_hub_reports_total{result="rejected"}'], "0")

    def test_asked_to_end_they_report_their_last_numbers(self):
        port = free_port()
        for name, command in {"sums": [SWIFT, f"127.0.0.1:{port}"], "sums-python": PYTHON}.items():
            with self.subTest(name), Hub() as hub, Worker(*command, f"http://127.0.0.1:{hub.port}") as worker:
                counted = series("app_completed_tasks_total", name)
                hub.wait_for(counted, "0")
                worker.write(b"1 2 3\n")
                if name == "sums":
                    wait_until(lambda: scraped(port).get("app_completed_tasks_total") == "1", what="a task that is counted")
                else:
                    self.assertEqual(worker.process.stdout.readline(), b"6.0\n")
                    # The line is printed before the task is counted.
                    worker.write(b"4\n")
                    self.assertEqual(worker.process.stdout.readline(), b"4.0\n")
                worker.process.send_signal(signal.SIGTERM)
                self.assertEqual(worker.process.wait(10), 0)
                wait_until(lambda: hub.samples[counted] != "0", what="the last numbers are in the hub")

    def test_a_hub_that_is_away_holds_up_no_task(self):
        for command in ([SWIFT, f"127.0.0.1:{free_port()}", NOBODY], [*PYTHON, NOBODY]):
            with self.subTest(command[0]), Worker(*command) as worker:
                worker.write(b"1 2\n")
                worker.write(b"3 4\n")
                said = worker.process.stdout if command[0] != SWIFT else None
                if said:
                    self.assertEqual([said.readline(), said.readline()], [b"3.0\n", b"7.0\n"])
                printed, troubles = worker.end(40)
                self.assertEqual(worker.process.returncode, 0)
                self.assertEqual(printed, [] if said else ["3.0", "7.0"])
                self.assertTrue(troubles and all("a report was not taken" in line for line in troubles), troubles)

    def test_a_report_that_is_sent_again_is_kept_once(self):
        with tempfile.TemporaryDirectory() as directory, Hub(f"--store=sqlite:{directory}/h.db") as hub:
            with Deaf(hub.port) as between, Worker(*PYTHON, f"http://127.0.0.1:{between.port}") as worker:
                worker.write(TASKS)
                worker.end()
                self.assertEqual(worker.process.returncode, 0)
                # The first report was tried once, the last until it was answered.
                self.assertEqual(len(between.bodies), 4)
                self.assertEqual(between.bodies[1], between.bodies[2])
                self.assertEqual(between.bodies[2], between.bodies[3])
            kept = [line["report_id"] for line in exported(f"{directory}/h.db")]
            self.assertEqual(len(kept), 2)
            self.assertEqual(len(set(kept)), 2)


class Page(unittest.TestCase):
    def setUp(self):
        self.page = PAGE.read_text()

    def test_it_shows_the_programs(self):
        for language, source in SOURCES.items():
            self.assertIn(f"```{language}\n{source.read_text()}```", self.page)

    def test_ten_lines_are_ten(self):
        lines = SOURCES["swift"].read_text().splitlines()
        first, last = (next(n for n, line in enumerate(lines) if line.startswith(f"let {name} ")) for name in ("arguments", "reporting"))
        self.assertEqual(last - first + 1, 10)

    def test_the_one_in_python_needs_nothing_but_python(self):
        imported = re.findall(r"^import (\w+)", SOURCES["python"].read_text(), re.M)
        self.assertEqual(set(imported) - set(sys.stdlib_module_names), set())

    def test_the_panels_that_it_names_read_the_numbers_beside_them(self):
        panels = {}
        for file in (ROOT / "deploy/grafana/dashboards").glob("*.json"):
            for panel in json.loads(file.read_text())["panels"]:
                asked = [target["expr"] for target in panel.get("targets", [])]
                panels.setdefault(panel["title"], []).extend(asked)
        rows = re.findall(r"^\|[^|]*\| `(\w+)` \| (?:counter|gauge|histogram) \| (.*) \|$", self.page, re.M)
        self.assertEqual(len(rows), 8)
        for name, read_by in rows:
            for title in re.findall(r"\*([A-Z][^*]*)\*", read_by):
                self.assertTrue(any(re.search(rf"\b{name}(_bucket)?\b", query) for query in panels[title]), f"{title}: {name}")

    def test_what_it_says_to_do_does_what_it_says(self):
        port = free_port()
        with tempfile.TemporaryDirectory() as folder, Copied(port, folder, lambda at, *flags: Guided(folder, at, *flags)) as reader:
            reader.running.enter_context(Guided(folder, reader.port))
            jobs = [job for block in blocks(self.page) if block.language == "yaml" for job in yaml.safe_load(block.text)["scrape_configs"]]
            for job in jobs:
                self.assertEqual([each["targets"] for each in job["static_configs"]], [["127.0.0.1:9100"]])
            tasks = Prometheus(hub=Prometheus.job(reader.port, honor_labels=True), **{job["job_name"]: Prometheus.job(port) for job in jobs})
            with tasks as prometheus:
                for block in blocks(self.page):
                    if block.language not in ("sh", "promql"):
                        continue
                    with self.subTest(block.text):
                        if block.language == "promql":
                            wait_until(lambda: prometheus.value(block.text) is not None, 20, "the query finds something")
                        else:
                            self.assertIsNone(reader.read(block))
                wait_until(lambda: prometheus.value('app_completed_tasks_total{job="sums"}') == 3, what="the port is scraped")


class Copied(Reader):
    """A page's commands, with these programs, and the worker's port at a free one."""

    def __init__(self, port, folder, start):
        super().__init__(folder, start)
        self.places = {
            "127.0.0.1:9100": f"127.0.0.1:{port}",
            ".build/release/worker": SWIFT,
            "python3 Examples/PythonWorker/worker.py": " ".join(PYTHON),
        }

    def command(self, block):
        command = super().command(block)
        for written, here in self.places.items():
            command[-1] = command[-1].replace(written, here)
        return command


class Deaf:
    """Hands requests on to a hub, and loses its first three answers."""

    def __init__(self, port):
        bodies = self.bodies = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                bodies.append(body)
                request = urllib.request.Request(f"http://127.0.0.1:{port}{self.path}", body)
                with urllib.request.urlopen(request, timeout=5) as answer:
                    said = answer.read()
                self.send_response(503 if len(bodies) <= 3 else 200)
                self.send_header("Retry-After", "0")
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def scraped(port):
    """Every sample of a worker's own port; none while it does not listen."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
            lines = answer.read().decode().splitlines()
    except urllib.error.URLError:
        return {}
    return dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))


if __name__ == "__main__":
    unittest.main()
