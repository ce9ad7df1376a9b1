"""Commands beside the main one."""

import signal
import socket
import subprocess
import time
import unittest

from support import Exporter, FakeAgent, Program, SimulatedAgent, change, free_port, is_listening, run, wait_until


class Commands(unittest.TestCase):
    def test_healthcheck_tells_by_its_status(self):
        with FakeAgent() as agent, Exporter(agent.url) as exporter:
            self.assertEqual(run("healthcheck", environment={"PORT": str(exporter.port)}).returncode, 0)
            self.assertEqual(run("healthcheck", f"--url=http://127.0.0.1:{exporter.port}/nope").returncode, 1)
        self.assertEqual(run("healthcheck", f"--url=http://127.0.0.1:{free_port()}/").returncode, 1)

    def test_sleep_sleeps(self):
        began = time.monotonic()
        self.assertEqual(run("sleep", "300ms").returncode, 0)
        self.assertGreaterEqual(time.monotonic() - began, 0.3)

    def test_texts(self):
        self.assertIn("--agent.url=URL", run("--help").stdout)
        self.assertIn("--simulate.latency=DURATION", run("simulate-agent", "--help").stdout)
        self.assertTrue(run("--version").stdout.startswith("agent-exporter "))
        self.assertIn(".SH FLAGS", run("--help-man").stdout)
        for shell, flag in [("bash", "--completion-script-bash"), ("zsh", "--completion-script-zsh")]:
            script = run(flag).stdout
            self.assertIn("--log.level", script)
            if shell == "bash":
                self.assertEqual(subprocess.run(["bash", "-n"], input=script, text=True).returncode, 0)

    def test_a_simulated_agent_that_refuses_ends_like_any_other(self):
        with Program("demo", f"--web.listen-address=127.0.0.1:{free_port()}", "--simulate.refuse=1h") as demo:
            wait_until(lambda: "poll failed" in demo.log)
            demo.signal(signal.SIGINT)
            self.assertEqual(demo.wait(5), 0)
        with SimulatedAgent("--simulate.refuse=1h") as agent:
            agent.signal(signal.SIGTERM)
            self.assertEqual(agent.wait(5), 0)

    def test_a_demo_goes_on_when_somebody_takes_its_agents_address_meanwhile(self):
        ports = free_port(), free_port()
        with Program(
            "demo", f"--web.listen-address=127.0.0.1:{ports[0]}", f"--simulate.listen-address=127.0.0.1:{ports[1]}"
        ) as demo:
            wait_until(lambda: "state=running" in demo.log)
            change(ports[1], refuse="300ms")
            wait_until(lambda: not is_listening(ports[1]))
            with socket.create_server(("127.0.0.1", ports[1])):
                time.sleep(0.5)
            wait_until(lambda: "agent answers again" in demo.log or "poll failed" not in demo.log)
            wait_until(lambda: is_listening(ports[1]))
            demo.signal(signal.SIGTERM)
            self.assertEqual(demo.wait(10), 0)

    def test_help_is_of_a_command(self):
        self.assertEqual(run("help", "demo").stdout, run("demo", "--help").stdout)
        self.assertEqual(run("help").stdout, run("--help").stdout)

    def test_demo_needs_nothing_else(self):
        port = free_port()
        elsewhere = {"METRICS_ENDPOINT": "http://127.0.0.1:1/"}
        with Program("demo", f"--web.listen-address=127.0.0.1:{port}", environment=elsewhere) as demo:
            wait_until(lambda: run("healthcheck", f"--url=http://127.0.0.1:{port}/readyz").returncode == 0)
            wait_until(lambda: "state=running" in demo.log)
            demo.signal(signal.SIGINT)
            self.assertEqual(demo.wait(5), 0)


if __name__ == "__main__":
    unittest.main()
