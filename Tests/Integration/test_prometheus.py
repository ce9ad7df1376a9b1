"""A real Prometheus that scrapes every second for a minute while the agent comes, slows, hangs, goes and comes back."""

import json
import shutil
import subprocess
import tempfile
import time
import unittest
import urllib.parse
import urllib.request

from support import Exporter, SimulatedAgent, free_port, wait_until


class Prometheus:
    """It scrapes each job every second: what a job has to have besides its target, by its name."""

    def __init__(self, **jobs):
        self.port = free_port()
        self.directory = tempfile.TemporaryDirectory()
        path = self.directory.name
        with open(f"{path}/prometheus.yml", "w") as file:
            json.dump({
                "global": {"scrape_interval": "1s", "scrape_timeout": "1s"},
                "scrape_configs": [{"job_name": name, **settings} for name, settings in jobs.items()],
            }, file)
        self.process = subprocess.Popen(
            [
                shutil.which("prometheus"),
                f"--config.file={path}/prometheus.yml",
                f"--storage.tsdb.path={path}/data",
                f"--web.listen-address=127.0.0.1:{self.port}",
                "--log.level=error",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    @staticmethod
    def job(port, **settings):
        return {"static_configs": [{"targets": [f"127.0.0.1:{port}"]}], **settings}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.directory.cleanup()

    def value(self, query):
        """The value of a query with one series, None when there is none."""
        url = f"http://127.0.0.1:{self.port}/api/v1/query?" + urllib.parse.urlencode({"query": query})
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                result = json.load(answer)["data"]["result"]
        except OSError:
            return None
        return float(result[0]["value"][1]) if result else None


class Scraping(unittest.TestCase):
    def test_every_scrape_succeeds_and_reads_what_is_promised(self):
        with SimulatedAgent("--simulate.tasks=7") as agent, Exporter(
            agent.url, "--agent.timeout=1s", "--agent.max-age=4s", "--agent.backoff-max=1s"
        ) as exporter, Prometheus(agent=Prometheus.job(exporter.port)) as prometheus:
            def sees(query, value, seconds=20):
                wait_until(lambda: prometheus.value(query) == value, seconds, f"{query} = {value}")

            began = time.monotonic()
            sees("app_active_task_count", 7)
            sees("app_agent_up", 1)
            time.sleep(10)
            agent.change(latency="10s")
            sees("app_agent_up", 0)
            self.assertEqual(prometheus.value("app_active_task_count"), 7)
            sees("app_agent_state{state='unreachable'}", 1)
            sees("app_active_task_count", None)
            sees("app_agent_status", 0)
            agent.change(latency="0s", hang=True)
            time.sleep(15)
            self.assertEqual(prometheus.value("app_agent_up"), 0)
            agent.change(hang=False, refuse="15s")
            time.sleep(10)
            self.assertIsNone(prometheus.value("app_active_task_count"))
            sees("app_agent_up", 1)
            sees("app_active_task_count", 7)
            sees("app_agent_state{state='running'}", 1)
            time.sleep(max(0, began + 60 - time.monotonic()))
            window = f"{int(time.monotonic() - began) + 5}s"
            self.assertEqual(prometheus.value(f"min_over_time(up[{window}])"), 1)
            self.assertEqual(prometheus.value(f"resets(agent_exporter_polls_total[{window}])"), 0)
            self.assertLess(prometheus.value(f"max_over_time(scrape_duration_seconds[{window}])"), 0.5)


if __name__ == "__main__":
    unittest.main()
