"""What stands in the log, and what it holds up: nothing."""

import json
import os
import signal
import subprocess
import unittest

from support import BINARY, Exporter, FakeAgent, SimulatedAgent, free_port, run, wait_until


class Logs(unittest.TestCase):
    def test_a_failure_is_one_line_and_so_is_its_end(self):
        agent = SimulatedAgent("--simulate.status=500")
        with agent, Exporter(agent.url, "--log.format=json") as exporter:
            exporter.wait_for("agent_exporter_consecutive_failures", "5")
            agent.change(status=503)
            wait_until(lambda: "503" in exporter.log)
            agent.change(status=200)
            exporter.wait_for("app_agent_up", "1")
            wait_until(lambda: "agent answers again" in exporter.log)
            events = [json.loads(line) for line in exporter.log.splitlines()]
            self.assertEqual(len([e for e in events if e["msg"] == "poll failed"]), 2)

    def test_an_agent_whose_words_differ_each_time_gets_no_line_each(self):
        def redirect(connection, count=iter(range(1000))):
            connection.sendall(
                f"HTTP/1.1 302 Found\r\nLocation: http://elsewhere/{next(count)}\r\nContent-Length: 0\r\n"
                "Connection: close\r\n\r\n".encode()
            )

        with FakeAgent() as agent, Exporter(agent.url) as exporter:
            agent.answer = redirect
            exporter.wait_for("agent_exporter_consecutive_failures", "5")
            self.assertEqual(exporter.log.count("poll failed"), 1)

    def test_the_start_says_what_is_polled_where_it_listens_and_what_is_not_default(self):
        with FakeAgent() as agent, Exporter(agent.url, environment={"MAX_RETRY_ATTEMPTS": "3"}) as exporter:
            wait_until(lambda: "agent state" in exporter.log)
            self.assertIn(f"agent={agent.url}", exporter.log)
            self.assertIn(f"listening=127.0.0.1:{exporter.port}", exporter.log)
            self.assertIn("flag=--agent.poll-interval value=20ms source=--agent.poll-interval", exporter.log)
            self.assertIn("variable=MAX_RETRY_ATTEMPTS", exporter.log)

    def test_a_level_hides_what_is_less_important(self):
        with Exporter(f"http://127.0.0.1:{free_port()}/", "--log.level=warn") as exporter:
            wait_until(lambda: "poll failed" in exporter.log)
            self.assertTrue(all("level=warn" in line for line in exporter.log.splitlines()))

    def test_a_reader_of_the_log_who_stops_reading_holds_nothing_up(self):
        read, write = os.pipe()
        port = free_port()
        address = f"--web.listen-address=127.0.0.1:{port}"
        process = subprocess.Popen([BINARY, address, "--agent.url=http://127.0.0.1:1/"], stderr=write)
        try:
            os.set_blocking(write, False)
            try:
                while True:
                    os.write(write, b"x" * 4096)
            except BlockingIOError:
                pass
            wait_until(lambda: run("healthcheck", f"--url=http://127.0.0.1:{port}/readyz").returncode == 0)
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(5), 0)
        finally:
            process.kill()
            process.wait()
            os.close(read)
            os.close(write)


if __name__ == "__main__":
    unittest.main()
