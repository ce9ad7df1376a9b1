"""From the first flag to the last signal."""

import json
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest

from support import BINARY, Exporter, FakeAgent, Program, SimulatedAgent, free_port, is_listening, run, surroundings, wait_until

RUNNING = {"agentStatus": "RUNNING"}
ENDING = {"agentStatus": "PENDING_SHUTDOWN"}


class Signals(unittest.TestCase):
    def test_SIGTERM_while_the_agent_runs_waits_five_seconds_for_it(self):
        with FakeAgent(json.dumps(RUNNING).encode()) as agent, Exporter(agent.url) as exporter:
            wait_until(lambda: exporter.get("/readyz").status == 200)
            exporter.signal(signal.SIGTERM)
            began = time.monotonic()
            wait_until(lambda: exporter.get("/readyz").status == 503)
            self.assertEqual(exporter.get("/health").text, "Shutting down\n")
            self.assertEqual(exporter.get("/-/ready").status, 503)
            self.assertEqual(exporter.get("/healthz").status, 200)
            self.assertEqual(exporter.get("/metrics").status, 200)
            self.assertEqual(json.loads(exporter.get("/readyz").text)["status"], "draining")
            self.assertEqual(exporter.wait(), 0)
            self.assertTrue(4.5 < time.monotonic() - began < 7)

    def test_SIGTERM_while_the_agent_shuts_down_serves_until_it_is_gone(self):
        with Exporter((agent := FakeAgent(json.dumps(ENDING).encode())).url, "--agent.max-age=0s") as exporter:
            exporter.wait_for('app_agent_state{state="pending_shutdown"}', "1")
            exporter.signal(signal.SIGTERM)
            time.sleep(6)
            self.assertEqual(exporter.get("/metrics").status, 200)
            agent.say({"agentStatus": "SHUTTING_DOWN", "activeTaskCount": 1})
            exporter.wait_for("app_active_task_count", "1")
            agent.say({}, "503 Gone")
            agent.close()
            self.assertEqual(exporter.wait(), 0)
            self.assertIn('because="the agent is gone"', exporter.log)

    def test_the_drain_timeout_ends_the_wait(self):
        environment = {"GRACE_PERIOD_SECONDS": "1"}
        with FakeAgent(json.dumps(ENDING).encode()) as agent, Exporter(agent.url, environment=environment) as exporter:
            exporter.wait_for('app_agent_state{state="pending_shutdown"}', "1")
            exporter.signal(signal.SIGTERM)
            began = time.monotonic()
            self.assertEqual(exporter.wait(), 0)
            self.assertTrue(0.9 < time.monotonic() - began < 3)

    def test_one_connection_that_fails_is_not_the_end_of_an_agent_that_shuts_down(self):
        with SimulatedAgent("--simulate.agent-status=PENDING_SHUTDOWN") as agent, Exporter(
            agent.url, "--agent.backoff-initial=2s", "--agent.backoff-max=2s"
        ) as exporter:
            exporter.wait_for('app_agent_state{state="pending_shutdown"}', "1")
            exporter.signal(signal.SIGTERM)
            wait_until(lambda: "draining" in exporter.log)
            agent.change(refuse="500ms")
            wait_until(lambda: "poll failed" in exporter.log)
            wait_until(lambda: "agent answers again" in exporter.log)
            self.assertEqual(exporter.get("/metrics").status, 200)
            agent.change(refuse="100d")
            self.assertEqual(exporter.wait(10), 0)
            self.assertIn('because="the agent is gone"', exporter.log)

    def test_SIGTERM_without_an_agent_stops_at_once(self):
        with Exporter(f"http://127.0.0.1:{free_port()}/") as exporter:
            wait_until(lambda: exporter.get("/readyz").status == 200)
            exporter.signal(signal.SIGTERM)
            self.assertEqual(exporter.wait(2), 0)

    def test_SIGINT_and_a_second_signal_stop_at_once(self):
        for signals in [[signal.SIGINT], [signal.SIGTERM, signal.SIGTERM], [signal.SIGTERM, signal.SIGINT]]:
            with FakeAgent(json.dumps(ENDING).encode()) as agent, Exporter(agent.url) as exporter:
                exporter.wait_for('app_agent_state{state="pending_shutdown"}', "1")
                for number in signals:
                    exporter.signal(number)
                    time.sleep(0.1)
                self.assertEqual(exporter.wait(2), 0)

    def test_a_reply_that_is_under_way_is_finished_however_slowly_it_is_read(self):
        """It is larger than what the kernel takes off the exporter's hands, so that a stop can still cut it."""
        gauges = [f"--agent.gauge=app_long_{number}=activeTaskCount:{'x' * 100_000}" for number in range(10)]
        for signals in [[signal.SIGINT], [signal.SIGTERM, signal.SIGTERM]]:
            with FakeAgent(json.dumps(RUNNING | {"activeTaskCount": 1}).encode()) as agent, Exporter(
                agent.url, *gauges
            ) as exporter, socket.socket() as reader:
                exporter.wait_for("app_long_9", "1")
                reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                reader.settimeout(5)
                reader.connect(("127.0.0.1", exporter.port))
                reader.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
                received = reader.recv(1000)
                for count, number in enumerate(signals, 1):
                    exporter.signal(number)
                    wait_until(lambda: exporter.log.count("msg=signal") == count)
                wait_until(lambda: not is_listening(exporter.port))
                reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
                try:
                    while piece := reader.recv(1 << 16):
                        received += piece
                except ConnectionError:
                    pass
                head, _, body = received.partition(b"\r\n\r\n")
                self.assertIn(b"Content-Length: %d\r\n" % len(body), head)
                self.assertGreater(len(body), 1_000_000)
                self.assertEqual(exporter.wait(), 0)

    def test_no_reply_is_cut_short_by_a_stop_under_load(self):
        for _ in range(20):
            with FakeAgent(json.dumps(RUNNING).encode()) as agent, Exporter(agent.url) as exporter:
                broken, answered = [], []

                def load():
                    while True:
                        try:
                            connection = socket.create_connection(("127.0.0.1", exporter.port), 5)
                        except OSError:
                            return
                        with connection:
                            while True:
                                received = b""
                                try:
                                    connection.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
                                    while b"\r\n\r\n" not in received and (piece := connection.recv(65536)):
                                        received += piece
                                    head, _, body = received.partition(b"\r\n\r\n")
                                    length = int(head.split(b"Content-Length: ")[1].split(b"\r\n")[0]) if head else 0
                                    while len(body) < length and (piece := connection.recv(65536)):
                                        body += piece
                                except ConnectionError:
                                    # A request that crosses the close is the client's to repeat; half an answer is not.
                                    if received:
                                        broken.append(received)
                                    break
                                if not received:
                                    break
                                (answered if len(body) == length else broken).append(length)
                                if b"Connection: close" in head:
                                    break

                threads = [threading.Thread(target=load) for _ in range(4)]
                for thread in threads:
                    thread.start()
                time.sleep(0.1)
                exporter.signal(signal.SIGINT)
                self.assertEqual(exporter.wait(10), 0)
                for thread in threads:
                    thread.join()
                self.assertEqual(broken, [])
                self.assertTrue(answered)


class Start(unittest.TestCase):
    def test_it_starts_without_an_agent_and_finds_it_later(self):
        agent = SimulatedAgent("--simulate.refuse=1s")
        with agent, Exporter(agent.url) as exporter:
            wait_until(lambda: exporter.get("/readyz").status == 200)
            samples = exporter.samples
            self.assertEqual((samples["app_agent_up"], samples["app_agent_status"]), ("0", "0"))
            self.assertNotIn("app_last_heartbeat_timestamp", samples)
            exporter.wait_for("app_agent_up", "1")

    def test_readiness_can_require_data(self):
        agent = SimulatedAgent("--simulate.status=500")
        with agent, Exporter(agent.url, "--web.ready-requires=data", "--agent.max-age=1s") as exporter:
            exporter.wait_for("app_agent_up", "0")
            self.assertEqual(exporter.get("/readyz").status, 503)
            agent.change(status=200)
            wait_until(lambda: exporter.get("/readyz").status == 200)
            agent.change(status=500)
            wait_until(lambda: exporter.get("/readyz").status == 503)

    def test_a_port_in_use_is_an_error_that_names_it(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            result = run(f"--web.listen-address=127.0.0.1:{port}")
            self.assertEqual(result.returncode, 1)
            self.assertIn(f"cannot listen on 127.0.0.1:{port}", result.stderr)

    def test_what_is_wrong_is_said_at_once_with_status_2(self):
        result = run("--agent.url=ftp://x", "--log.levle=x", environment={"AGENT_MAX_AGE": "old"})
        self.assertEqual(result.returncode, 2)
        lines = result.stderr.splitlines()
        self.assertEqual(len(lines), 4)
        self.assertTrue(any("did you mean --log.level?" in line for line in lines))
        self.assertTrue(any('--agent.url="ftp://x"' in line for line in lines))
        self.assertTrue(any('AGENT_MAX_AGE="old"' in line for line in lines))

    def test_every_gauge_that_is_wrong_is_named(self):
        for source, name in [("--agent.gauge", None), ("AGENT_GAUGES", "AGENT_GAUGES")]:
            def errors(*gauges):
                if name:
                    result = run(environment={name: "\n".join(gauges)})
                else:
                    result = run(*(f"--agent.gauge={gauge}" for gauge in gauges))
                self.assertEqual(result.returncode, 2)
                return result.stderr.splitlines()[:-1]

            wrong = errors("a=ok", "bad1", "bad2")
            self.assertEqual(len(wrong), 2, wrong)
            self.assertIn(f'{source}="bad1"', wrong[0])
            self.assertIn(f'{source}="bad2"', wrong[1])
            taken = errors("app_agent_up=x")
            self.assertEqual(len(taken), 1)
            self.assertIn(f"{source}: ", taken[0])

    def test_the_metrics_cannot_take_the_place_of_something_else(self):
        for path in ["/healthz", "/", "//host/metrics", "/a/../metrics", "metrics", "/m?x", "/m{x}"]:
            result = run(f"--web.telemetry-path={path}")
            self.assertEqual((result.returncode, result.stderr.count("--web.telemetry-path=")), (2, 1), path)

    def test_a_password_is_not_printed(self):
        result = run("--agent.url=http://user:secret@host/")
        self.assertEqual(result.returncode, 2)
        self.assertNotIn("secret", result.stderr)

    def test_a_variable_of_nothing_but_space_is_unset(self):
        port = free_port()
        environment = {"WEB_LISTEN_ADDRESS": " ", "PORT": str(port)}
        with FakeAgent() as agent, Exporter(agent.url, environment=environment) as exporter:
            self.assertEqual(exporter.get("/healthz").status, 200)

    def test_a_limit_of_open_files_is_a_limit_of_connections_and_said(self):
        with FakeAgent() as agent:
            port = free_port()
            script = f'ulimit -n 128; exec "{BINARY}" --agent.url={agent.url} --web.listen-address=127.0.0.1:{port}'
            process = subprocess.Popen(["bash", "-c", script], stderr=subprocess.PIPE, text=True, env=surroundings())
            peers = []
            try:
                wait_until(lambda: is_listening(port))
                peers = [socket.create_connection(("127.0.0.1", port), 5) for _ in range(100)]
                peers[-1].settimeout(5)
                self.assertIn(b"503", peers[-1].recv(100))
            finally:
                for peer in peers:
                    peer.close()
                process.send_signal(signal.SIGINT)
            log = process.communicate(timeout=10)[1]
            self.assertIn("fewer connections", log)
            self.assertNotIn("poll failed", log)

    def test_what_cannot_go_on_ends_and_says_why(self):
        script = f'ulimit -n 6; exec "{BINARY}" --log.format=json --web.listen-address=127.0.0.1:{free_port()}'
        result = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=10, env=surroundings())
        self.assertEqual(result.returncode, 1)
        events = [json.loads(line) for line in result.stderr.splitlines()]
        self.assertIn("Too many open files", next(event["error"] for event in events if event["level"] == "error"))

    def test_it_listens_on_several_addresses_and_unix_sockets(self):
        with tempfile.TemporaryDirectory() as directory, FakeAgent() as agent:
            path = f"{directory}/web.sock"
            with Exporter(agent.url, f"--web.listen-address=unix:{path}") as exporter:
                self.assertEqual(exporter.get("/healthz").status, 200)
                self.assertEqual(run("healthcheck", f"--url=unix:{path}:/healthz").returncode, 0)

    def test_the_agent_may_be_behind_a_unix_socket(self):
        with tempfile.TemporaryDirectory() as directory:
            path = f"{directory}/agent.sock"
            with Program("simulate-agent", f"--simulate.listen-address=unix:{path}", "--simulate.tasks=4"):
                with Exporter(f"unix:{path}:/actuator/info") as exporter:
                    exporter.wait_for("app_active_task_count", "4")

    def test_systemd_is_told(self):
        with tempfile.TemporaryDirectory() as directory, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
            systemd.bind(f"{directory}/notify")
            systemd.settimeout(5)
            environment = {"NOTIFY_SOCKET": f"{directory}/notify"}
            with Exporter(f"http://127.0.0.1:{free_port()}/", environment=environment) as exporter:
                self.assertEqual(systemd.recv(100), b"READY=1")
                exporter.signal(signal.SIGTERM)
                self.assertEqual(systemd.recv(100), b"STOPPING=1")
                self.assertEqual(exporter.wait(5), 0)

    def test_sockets_can_come_from_systemd(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
            script = 'exec 3<&%d; export LISTEN_PID=$$ LISTEN_FDS=1; exec "%s" --web.systemd-socket' % (listener.fileno(), BINARY)
            process = subprocess.Popen(["bash", "-c", script], pass_fds=[listener.fileno()], stderr=subprocess.DEVNULL)
            try:
                self.assertEqual(wait_until(lambda: run("healthcheck", f"--url=http://127.0.0.1:{port}/healthz")).returncode, 0)
            finally:
                process.kill()
                process.wait()


if __name__ == "__main__":
    unittest.main()
