"""What an agent says becomes what Prometheus reads, whatever the agent says."""

import shutil
import subprocess
import tempfile
import unittest

from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_strictly
from prometheus_client.parser import text_string_to_metric_families as parse

from support import Exporter, FakeAgent, free_port, wait_until

FULL = {
    "buildInfo": {"version": "3.1", "commitHash": "abc", "buildTimestamp": "2026-01-01"},
    "agentStatus": "RUNNING",
    "activeTaskCount": 3,
    "activeRequestCount": 4,
    "openSessionsCount": 5,
}
UNKNOWN = 'app_version_info{build_timestamp="0",commit_hash="unknown",version="unknown"}'


def counts(tasks, requests, sessions):
    return {
        "app_active_task_count": tasks,
        "app_active_request_count": requests,
        "app_open_sessions_count": sessions,
    }


class Values(unittest.TestCase):
    def test_the_seed_example_with_nginx_as_the_agent(self):
        port, exported = free_port(), free_port()
        with tempfile.TemporaryDirectory() as directory:
            with open(f"{directory}/nginx.conf", "w") as file:
                file.write(
                    f"daemon off; error_log /dev/null; pid {directory}/pid; events {{}} http {{ access_log off;"
                    f" client_body_temp_path {directory}; proxy_temp_path {directory}; fastcgi_temp_path {directory};"
                    f" uwsgi_temp_path {directory}; scgi_temp_path {directory};"
                    f" server {{ listen 127.0.0.1:{port}; location /actuator/info {{ default_type application/json;"
                    """ return 200 '{"agentStatus":"RUNNING"}'; } } }"""
                )
            nginx = subprocess.Popen([shutil.which("nginx") or "/usr/sbin/nginx", "-p", directory, "-c", f"{directory}/nginx.conf"])
            try:
                environment = {"METRICS_ENDPOINT": f"http://127.0.0.1:{port}/actuator/info", "PORT": str(exported)}
                with Exporter(None, environment=environment) as exporter:
                    exporter.wait_for("app_agent_status", "1")
                    text = exporter.get().text
                    for line in [
                        "# HELP app_version_info Application version information.",
                        "# TYPE app_version_info gauge",
                        f"{UNKNOWN} 1",
                        "# HELP app_agent_status Shows if the agent is running. (1 for running, 0 for not)",
                        "# TYPE app_agent_status gauge",
                        "app_agent_status 1",
                        "# HELP app_active_task_count The number of active tasks.",
                        "# TYPE app_active_task_count gauge",
                        "app_active_task_count 0",
                        "# HELP app_active_request_count The number of active requests.",
                        "# TYPE app_active_request_count gauge",
                        "app_active_request_count 0",
                        "# HELP app_open_sessions_count The number of open sessions.",
                        "# TYPE app_open_sessions_count gauge",
                        "app_open_sessions_count 0",
                    ]:
                        self.assertIn(f"{line}\n", text)
            finally:
                nginx.terminate()
                nginx.wait()

    def test_every_kind_of_json(self):
        string = "x" * (1 << 20)
        deep = "[" * 100_000 + "]" * 100_000
        good = [
            (FULL, {"app_agent_status": "1"} | counts("3", "4", "5")),
            ({}, {UNKNOWN: "1", "app_agent_status": "0"} | counts("0", "0", "0")),
            (dict.fromkeys(FULL), {UNKNOWN: "1", "app_agent_status": "0"} | counts("0", "0", "0")),
            ({"activeTaskCount": "7", "activeRequestCount": "2.5", "openSessionsCount": 1e3}, counts("7", "2.5", "1000")),
            ({"activeTaskCount": {}, "activeRequestCount": True, "openSessionsCount": 9}, counts("0", "0", "9")),
            ({"runnerStatus": "RUNNING", "activeTaskCount": 2}, {"app_agent_status": "1", "app_active_task_count": "2"}),
            ({"agentStatus": "RUNNING ", "activeTaskCount": 3}, {"app_agent_status": "0", "app_active_task_count": "3"}),
            (
                b'{"buildInfo":{"version":"a\\"b\\\\c\\n</script>","buildTimestamp":17},"activeTaskCount":4}',
                {
                    'app_version_info{build_timestamp="17",commit_hash="unknown",version="a\\"b\\\\c\\n</script>"}': "1",
                    "app_active_task_count": "4",
                },
            ),
            (f'{{"x":"{string}","activeTaskCount":5}}'.encode()[: 1 << 20], None),
            (f'{{"x":{deep},"activeTaskCount":6}}'.encode(), {"app_active_task_count": "6"}),
            (f'{{"activeTaskCount":{deep},"openSessionsCount":7}}'.encode(), counts("0", "0", "7")),
            (b'{"activeTaskCount":1,"activeTaskCount":8}', {"app_active_task_count": "8"}),
            (b'{"buildInfo":{"version":"\xff"},"activeTaskCount":9}', {"app_active_task_count": "9"}),
            (b'\xef\xbb\xbf{"activeTaskCount":10}', {"app_active_task_count": "10"}),
            (b'{"buildInfo":{"version":"%s"},"activeTaskCount":11}' % (b"v" * 1_000_000), {"app_active_task_count": "11"}),
        ]
        with FakeAgent() as agent, Exporter(agent.url, "--agent.max-age=0s") as exporter:
            for body, expected in good:
                agent.say(body)
                if expected is None:
                    exporter.wait_for("app_agent_up", "0")
                    continue
                with self.subTest(body=str(body)[:80]):
                    for series, value in expected.items():
                        exporter.wait_for(series, value)
                    self.assertEqual(exporter.samples["app_agent_up"], "1")
                    list(parse(exporter.get().text))
                    strict = exporter.get(headers={"Accept": "application/openmetrics-text;version=1.0.0"})
                    list(parse_strictly(strict.text))
            invalid = 'agent_exporter_fields_invalid_total{field="activeTaskCount"}'
            self.assertGreater(float(exporter.samples[invalid]), 0)

    def test_what_is_no_json_object_gives_the_defaults(self):
        with FakeAgent() as agent, Exporter(agent.url, "--agent.max-age=0s") as exporter:
            for body in [b"", b"[]", b"<html>", b'{"a":', b"null", b'{"a":1}{', b"[" * 100_000]:
                with self.subTest(body=body[:20]):
                    agent.say(FULL)
                    exporter.wait_for("app_active_task_count", "3")
                    agent.say(body)
                    exporter.wait_for("app_active_task_count", "0")
                    samples = exporter.samples
                    self.assertEqual(samples[UNKNOWN], "1")
                    self.assertEqual(samples["app_agent_up"], "0")
                    self.assertEqual(samples['app_agent_state{state="unknown"}'], "1")
            self.assertGreater(float(exporter.samples['agent_exporter_poll_failures_total{reason="invalid_json"}']), 0)

    def test_an_agent_out_of_reach_is_held_and_then_left_out(self):
        def cut(connection):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{")

        def nonsense(connection):
            connection.sendall(b"hello\r\n\r\n")

        def endless(connection):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n")
            while True:
                connection.sendall(b" " * 65536)

        faults = [
            (FakeAgent.ok(b"{}", "500 Internal Server Error"), "status"),
            (FakeAgent.ok(b"{}", "204 No Content"), "status"),
            (cut, "reset"),
            (nonsense, "malformed_http"),
            (endless, "too_large"),
        ]
        for answer, reason in faults:
            with self.subTest(reason=reason), FakeAgent() as agent, Exporter(agent.url, "--agent.max-age=1s") as exporter:
                agent.say(FULL)
                exporter.wait_for("app_active_task_count", "3")
                agent.answer = answer
                exporter.wait_for("app_agent_up", "0")
                samples = exporter.samples
                self.assertEqual(samples["app_active_task_count"], "3")
                self.assertEqual(samples["app_agent_status"], "1")
                exporter.wait_for("app_active_task_count", None)
                samples = exporter.samples
                self.assertEqual(samples["app_agent_status"], "0")
                self.assertEqual(samples['app_agent_state{state="unreachable"}'], "1")
                self.assertFalse([name for name in samples if name.startswith("app_") and name.endswith("_count")])
                self.assertFalse([name for name in samples if name.startswith("app_version_info")])
                self.assertGreater(float(samples[f'agent_exporter_poll_failures_total{{reason="{reason}"}}']), 0)
                agent.say(FULL)
                exporter.wait_for("app_active_task_count", "3")

    def test_fallbacks_that_were_asked_for(self):
        url = f"http://127.0.0.1:{free_port()}/"
        with Exporter(url, "--agent.fallback=zero") as exporter:
            exporter.wait_for("agent_exporter_consecutive_failures", "3")
            self.assertEqual(exporter.samples["app_active_task_count"], "0")
        with FakeAgent(b"[]") as agent, Exporter(agent.url, "--agent.fallback=omit") as exporter:
            exporter.wait_for('app_agent_state{state="unknown"}', "1")
            self.assertNotIn("app_active_task_count", exporter.samples)

    def test_mapped_gauges_and_capacities(self):
        flags = [
            "--agent.gauge=app_queue_size=pool.queueSize:Size of the task queue.",
            "--agent.gauge=app_load=load",
            "--agent.max-tasks=50",
            "--agent.max-connections=7",
        ]
        with FakeAgent(b'{"pool":{"queueSize":12},"load":"0.5"}') as agent, Exporter(agent.url, *flags) as exporter:
            exporter.wait_for("app_queue_size", "12")
            samples = exporter.samples
            self.assertEqual(samples["app_load"], "0.5")
            self.assertEqual(samples["app_max_task_capacity"], "50")
            self.assertEqual(samples["app_max_connections"], "7")
            self.assertIn("# HELP app_queue_size Size of the task queue.\n", exporter.get().text)

    def test_promtool_says_the_three_known_lines_and_nothing_else(self):
        with FakeAgent() as agent, Exporter(agent.url) as exporter:
            agent.say(FULL)
            exporter.wait_for("app_agent_up", "1")
            for path in ["/metrics", "/nope", "/healthz"]:
                exporter.get(path)
            result = subprocess.run(
                ["promtool", "check", "metrics"], input=exporter.get().bytes, capture_output=True, timeout=60
            )
            suffix = 'non-histogram and non-summary metrics should not have "_count" suffix'
            names = ["app_active_request_count", "app_active_task_count", "app_open_sessions_count"]
            self.assertEqual(
                sorted((result.stdout + result.stderr).decode().splitlines()), [f"{name} {suffix}" for name in names]
            )

    def test_the_exporter_can_keep_its_own_metrics_to_itself(self):
        with FakeAgent() as agent, Exporter(agent.url, "--web.disable-exporter-metrics") as exporter:
            exporter.wait_for("app_agent_up", "1")
            self.assertTrue(all(name.startswith("app_") for name in exporter.samples))

    def test_a_longer_answer_than_allowed_is_a_failed_poll(self):
        with FakeAgent(b'{"activeTaskCount":1}') as agent, Exporter(agent.url, "--agent.max-body=20") as exporter:
            failures = 'agent_exporter_poll_failures_total{reason="too_large"}'
            wait_until(lambda: float(exporter.samples[failures]) > 0)
            agent.say(b'{"activeTaskCount":2')
            exporter.wait_for("app_agent_up", "0")
            agent.say(b'{}')
            exporter.wait_for("app_agent_up", "1")

    def test_names_that_cannot_be_resolved_and_silence_have_reasons_of_their_own(self):
        with Exporter("http://nowhere.invalid:1/") as exporter:
            failures = 'agent_exporter_poll_failures_total{reason="resolve"}'
            wait_until(lambda: float(exporter.samples[failures]) > 0, 30)
        with FakeAgent() as agent, Exporter(agent.url, "--agent.timeout=100ms") as exporter:
            agent.answer = lambda connection: connection.recv(1)
            failures = 'agent_exporter_poll_failures_total{reason="timeout"}'
            wait_until(lambda: float(exporter.samples[failures]) > 0)

    def test_polls_back_off_and_come_back(self):
        flags = ["--agent.backoff-initial=100ms", "--agent.backoff-max=400ms"]
        with FakeAgent() as agent, Exporter(agent.url, *flags) as exporter:
            agent.say({}, "500 Oops")
            exporter.wait_for("agent_exporter_consecutive_failures", "6")
            self.assertTrue(0.3 <= float(exporter.samples["agent_exporter_backoff_seconds"]) <= 0.5)
            agent.say({})
            exporter.wait_for("agent_exporter_backoff_seconds", "0")
            self.assertEqual(exporter.samples["agent_exporter_consecutive_failures"], "0")

    def test_recovery_is_seen_within_two_seconds(self):
        with FakeAgent() as agent, Exporter(agent.url, "--agent.backoff-max=1s") as exporter:
            agent.say(FULL, "500 Oops")
            exporter.wait_for("app_agent_up", "0")
            agent.say(FULL)
            exporter.wait_for("app_agent_up", "1", seconds=2)


if __name__ == "__main__":
    unittest.main()
