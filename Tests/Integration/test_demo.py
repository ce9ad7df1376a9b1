"""`make demo`: everything on one machine, which all sees itself, and one Ctrl-C that ends all."""

import http.client
import json
import os
import pathlib
import random
import re
import signal
import subprocess
import unittest

from support import BINARY, is_listening, wait_until

SCRIPT = pathlib.Path(__file__).parents[2] / "Examples/Demo/run"
PORTS = (8082, 5000, 9095, 5266, 8080, 8000, 5010, 9096, 5267, 8090, 8001)


def offset():
    """Of a row of ports that are all free, below those that the system hands out."""
    while True:
        found = random.randrange(11_000, 23_000)
        if not any(is_listening(port + found) for port in PORTS):
            return found


class Demo(unittest.TestCase):
    def test_the_hub_knows_all_and_ctrl_c_ends_all(self):
        moved = offset()
        surroundings = {"PATH": os.environ["PATH"], "PROGRAMS": str(pathlib.Path(BINARY).parent), "OFFSET": str(moved)}
        # A shell's own variables change nothing.
        surroundings |= {"KAMON_STATUS_PAGE_ENABLED": "false", "WEBHOOK_MAX_BODY": "1"}
        demo = subprocess.Popen(
            [SCRIPT], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=surroundings, start_new_session=True
        )
        self.addCleanup(demo.stdout.close)
        self.addCleanup(self.end, demo)
        lines = []
        while not lines or "one more webhook" not in lines[-1]:
            line = demo.stdout.readline()
            self.assertTrue(line, "".join(lines))
            lines.append(line)
        # Each address that is told answers.
        addresses = set(re.findall(r"http://localhost:(\d+)(/\S*)", "".join(lines)))
        self.assertEqual(len({port for port, _ in addresses}), 9)
        for port, path in addresses:
            if path != "/webhook":
                self.assertEqual(self.get(int(port), path)[0], 200, (port, path))

        def names():
            return {found["component_name"] for found in json.loads(self.get(8082 + moved, "/api/metrics/components")[1])["components"]}

        wanted = {"worker-cpu", "worker-1-sidecar", "worker-2-sidecar"}
        wait_until(lambda: wanted <= names(), 30, "the hub knows all")

        def exported(pattern):
            return {float(value) for value in re.findall(pattern + r" (\S+)$", self.get(8082 + moved, "/metrics")[1], re.M)}

        # What the worker has done, its sidecar has seen it run, and the hub has been told of both.
        done = r'app_completed_tasks_total\{component="worker-cpu".*instance="worker-1".*\}'
        wait_until(lambda: max(exported(done), default=0) > 5, 30, "tasks are told")
        wait_until(lambda: exported(r'app_agent_status\{component="worker-\d-sidecar".*\}') == {1}, 30, "sidecars tell that they run")
        # Of the second's batches some come to nothing. Its shop would have to be waited for: these are eight minutes of it.
        webhooks = f"http://localhost:{5010 + moved}/webhook"
        subprocess.run([BINARY, "simulate-webhook", webhooks, "mysecretkey", "--count=1000", "--rate=300"], check=True, capture_output=True)
        for name in ("dataflow_batches_failed_total", "dataflow_batches_timeouts_total", "dataflow_retries_scheduled_total"):
            told = name + r'\{component="worker-cpu".*instance="worker-2".*pipeline_id="pipeline-123".*\}'
            wait_until(lambda: max(exported(told), default=0) > 3, 30, f"{name} is told")
        failed = r'app_failed_tasks_total\{component="worker-cpu".*instance="worker-2".*\}'
        wait_until(lambda: max(exported(failed), default=0) > 3, 30, "failed tasks are told")
        os.killpg(demo.pid, signal.SIGINT)
        demo.wait(20)
        for port in PORTS:
            self.assertFalse(is_listening(port + moved), port)

    def end(self, demo):
        if demo.poll() is None:
            os.killpg(demo.pid, signal.SIGTERM)
            demo.wait(20)

    def get(self, port, path):
        connection = http.client.HTTPConnection("localhost", port, timeout=10)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()


if __name__ == "__main__":
    unittest.main()
