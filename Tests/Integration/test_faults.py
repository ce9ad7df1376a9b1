"""A scrape never waits for the agent, whatever the agent does."""

import http.client
import threading
import time
import unittest

from support import Exporter, FakeAgent, SimulatedAgent, is_sanitized, wait_until

# In kilobytes.
MEMORY = 1 << 30 if is_sanitized() else 16 << 10
FAULTS = {
    "hang": {"hang": True},
    "ten seconds of latency": {"latency": "10s"},
    "a byte a second": {"drip": 1},
    "a cut in mid-body": {"reset": True},
    "nobody listening": {"refuse": "100d"},
    "errors": {"status": 503},
    "nonsense": {"body": "nonsense"},
}
NO_FAULT = {"hang": False, "latency": "0s", "drip": 0, "reset": False, "refuse": "0s", "status": 200, "body": None}


def latencies(port, seconds, rate=200):
    """Scrapes at a fixed rate, each timed from when it was due: a scrape that waits cannot hide those behind it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    began, times = time.monotonic(), []
    for number in range(int(seconds * rate)):
        due = began + number / rate
        time.sleep(max(0, due - time.monotonic()))
        connection.request("GET", "/metrics")
        response = connection.getresponse()
        assert response.status == 200
        response.read()
        times.append(time.monotonic() - due)
    connection.close()
    return sorted(times)


# Sanitizers make everything slow, and look for something else.
PROMISED = 1.0 if is_sanitized() else 0.1


class Faults(unittest.TestCase):
    def test_scrapes_stay_quick_and_recovery_is_seen(self):
        with SimulatedAgent() as agent, Exporter(
            agent.url, "--agent.timeout=1s", "--agent.backoff-initial=200ms", "--agent.backoff-max=1s"
        ) as exporter:
            exporter.wait_for("app_agent_up", "1")
            memory = exporter.resident_kilobytes
            for name, fault in FAULTS.items():
                with self.subTest(fault=name):
                    self.assertEqual(agent.change(**fault).status, 200)
                    times = latencies(exporter.port, 1.5)
                    exporter.wait_for("app_agent_up", "0")
                    p99 = times[len(times) * 99 // 100]
                    print(f"  {name}: p99 {p99 * 1000:.2f} ms")
                    self.assertLess(p99, PROMISED)
                    self.assertEqual(agent.change(**NO_FAULT).status, 200)
                    exporter.wait_for("app_agent_up", "1", seconds=3)
            self.assertLess(exporter.resident_kilobytes - memory, MEMORY)

    def test_an_agent_that_starts_is_seen_at_once_however_long_the_wait_has_become(self):
        with SimulatedAgent("--simulate.refuse=100d") as agent, Exporter(
            agent.url, "--agent.backoff-initial=1h", "--agent.backoff-max=1h"
        ) as exporter:
            exporter.wait_for("agent_exporter_consecutive_failures", "1")
            time.sleep(1.5)
            self.assertEqual(exporter.samples["agent_exporter_polls_total"], "1", "a look is no poll")
            agent.change(refuse="0s")
            exporter.wait_for("app_agent_up", "1", seconds=2)

    def test_an_answer_of_a_gibibyte_costs_no_memory(self):
        def endless(connection):
            connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            while True:
                connection.sendall(b"10000\r\n" + b" " * 65536 + b"\r\n")

        with FakeAgent() as agent, Exporter(agent.url) as exporter:
            exporter.wait_for("app_agent_up", "1")
            memory = exporter.resident_kilobytes
            agent.answer = endless
            exporter.wait_for("agent_exporter_consecutive_failures", "10")
            self.assertLess(exporter.resident_kilobytes - memory, MEMORY)

    def test_a_refusal_asked_of_the_agent_itself_is_answered_and_ends(self):
        with SimulatedAgent() as agent:
            agent.control = agent.port
            self.assertEqual(agent.change(refuse="500ms").status, 200)
            wait_until(lambda: not agent.is_listening())
            wait_until(agent.is_listening)
            self.assertEqual(agent.change(refuse="0s").status, 200)

    def test_the_simulated_agent_says_what_is_wrong_with_a_setting(self):
        with SimulatedAgent() as agent:
            for settings in [{"latency": "soon"}, {"status": 99}, {"hang": "maybe"}, {"drip": {}}, {"latencyy": "1s"}]:
                self.assertEqual(agent.change(**settings).status, 400)
            self.assertIn("did you mean latency?", agent.change(latencyy="1s").text)
            self.assertEqual(agent.change(agentStatus="STOPPED", activeTaskCount=3).status, 200)
            with Exporter(agent.url) as exporter:
                exporter.wait_for('app_agent_state{state="stopped"}', "1")
                self.assertEqual(exporter.samples["app_active_task_count"], "3")
                self.assertEqual(agent.change(status=500, hang=True).status, 200)
                nothing = dict.fromkeys(["status", "hang", "latency", "agentStatus", "activeTaskCount", "refuse"])
                self.assertEqual(agent.change(**nothing).status, 200)
                exporter.wait_for('app_agent_state{state="running"}', "1")


if __name__ == "__main__":
    unittest.main()
