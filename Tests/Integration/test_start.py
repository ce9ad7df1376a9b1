"""What is said at the start, and of what is wrong with it."""

import json
import os
import signal
import socket
import stat
import subprocess
import tempfile
import unittest

from support import BINARY, Exporter, FakeAgent, Program, SimulatedAgent, free_port, is_listening, run, surroundings, wait_until

NOWHERE = "http://127.0.0.1:1/"
# What is set in a container, in a pod and in a shell, and is nobody's mistake.
USUAL = {
    "HOME": "/root", "HOSTNAME": "agent-0", "SHLVL": "1", "TERM": "xterm", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8",
    "PWD": "/", "OLDPWD": "/", "USER": "agent", "LOGNAME": "agent", "TZ": "UTC", "MAIL": "/var/mail/agent", "_": "/bin/x",
    "LOG_LEVEL": "info", "AGENT_MAX_AGE": "20s", "MAX_RETRY_ATTEMPTS": "3", "GRACE_PERIOD_SECONDS": "10",
    "KUBERNETES_PORT": "tcp://10.0.0.1:443", "KUBERNETES_PORT_443_TCP": "tcp://10.0.0.1:443",
    "KUBERNETES_SERVICE_HOST": "10.0.0.1", "KUBERNETES_SERVICE_PORT_HTTPS": "443", "WEB_SERVICE_HOST": "10.0.0.2",
    "LOG_LEVEL_SERVICE_HOST": "10.0.0.3", "AGENT_URL_PORT": "tcp://10.0.0.3:80", "AGENT_PORT": "tcp://10.0.0.4:80",
    "AGENT_HOST": "10.0.0.4", "AGENT_NAME": "a", "AGENT_ID": "7", "WEB_HOST": "x", "POD_NAME": "agent-0",
    "OTEL_SERVICE_NAME": "a", "INVOCATION_ID": "0", "JOURNAL_STREAM": "8:1", "AGENT_URL": "",
}


class Hangups(unittest.TestCase):
    def test_a_hangup_ends_nothing_and_is_said(self):
        port = free_port()
        with SimulatedAgent() as agent, Exporter(agent.url) as exporter, Program(
            "demo", f"--web.listen-address=127.0.0.1:{port}"
        ) as demo:
            wait_until(lambda: is_listening(port))
            for program in [agent, exporter, demo]:
                program.signal(signal.SIGHUP)
                wait_until(lambda: program.process.poll() is not None or "signal=SIGHUP" in program.log)
                self.assertIsNone(program.process.poll(), program.log)
                program.signal(signal.SIGHUP)
                wait_until(lambda: program.log.count("signal=SIGHUP") == 2)
            exporter.wait_for("app_agent_up", "1")


class Complaints(unittest.TestCase):
    WRONG = "--agent.url=ftp://x", "--log.levle=x"

    def test_what_is_wrong_is_said_in_the_format_of_the_log(self):
        for flags, environment in [
            (("--log.format=json",), {}),
            (("--log.format", "json"), {}),
            ((), {"LOG_FORMAT": "json"}),
            (("--log.format=JSON",), {"LOG_FORMAT": "logfmt"}),
        ]:
            result = run(*self.WRONG, *flags, environment=environment | {"AGENT_MAX_AGE": "old"})
            self.assertEqual(result.returncode, 2)
            events = [json.loads(line) for line in result.stderr.splitlines()]
            self.assertEqual(len(events), 3, result.stderr)
            self.assertEqual({event["level"] for event in events}, {"error"})
            self.assertTrue(all(event["time"].endswith("Z") for event in events))
            self.assertIn("did you mean --log.level?", events[0]["msg"])
            self.assertTrue(any('AGENT_MAX_AGE="old"' in event["msg"] for event in events))

    def test_a_mistake_that_a_command_finds_is_one_too(self):
        result = run("sleep", environment={"LOG_FORMAT": "json"})
        self.assertEqual(result.returncode, 2)
        self.assertEqual(len(result.stderr.splitlines()), 1)
        self.assertIn("sleep needs one duration", json.loads(result.stderr)["msg"])

    def test_otherwise_they_are_plain_lines(self):
        for flags, environment in [((), {}), (("--log.format=logfmt",), {"LOG_FORMAT": "json"}), (("--log.format=x",), {})]:
            result = run(*self.WRONG, *flags, environment=environment)
            self.assertEqual(result.returncode, 2)
            lines = result.stderr.splitlines()
            self.assertTrue(all(line.startswith("agent-exporter: ") for line in lines), lines)
            self.assertEqual(lines[-1], "agent-exporter: try: agent-exporter --help")


class Warnings(unittest.TestCase):
    def warnings(self, *flags, environment=None):
        with Program("--log.format=json", f"--web.listen-address=127.0.0.1:{free_port()}", f"--agent.url={NOWHERE}",
                     *flags, environment=environment) as program:
            wait_until(lambda: "poll failed" in program.log)
            program.signal(signal.SIGINT)
            program.wait()
            events = [json.loads(line) for line in program.log.splitlines()]
        of_agent = ("poll failed", "agent state")
        return [event for event in events if event["level"] == "warn" and event["msg"] not in of_agent]

    def test_a_variable_that_is_nearly_ours_gets_one_warning(self):
        wrong = {
            "AGENT_URL": "METRICS_ENDPOINT", "WEB_DRAIN_TIMEOUT": "GRACE_PERIOD_SECONDS", "LOG_LEVL": "LOG_LEVEL",
            "WEB_LISTEN_ADRESS": "WEB_LISTEN_ADDRESS", "agent_max_age": "AGENT_MAX_AGE",
        }
        warnings = self.warnings(environment=dict.fromkeys(wrong, "a secret"))
        self.assertEqual({warning["variable"]: warning["meant"] for warning in warnings}, wrong)
        self.assertEqual(len(warnings), len(wrong))
        self.assertNotIn("a secret", str(warnings))

    def test_a_usual_environment_gets_none(self):
        self.assertEqual(self.warnings(environment=USUAL), [])

    def test_a_first_wait_above_the_longest_gets_one(self):
        warnings = self.warnings(environment={"RETRY_DELAY": "5", "AGENT_BACKOFF_MAX": "100ms"})
        self.assertEqual(len(warnings), 1, warnings)
        self.assertIn("--agent.backoff-max", str(warnings[0]))
        self.assertEqual(self.warnings("--agent.backoff-initial=1s", "--agent.backoff-max=1s"), [])

    def test_and_is_as_long_as_the_longest(self):
        with Exporter(NOWHERE, "--agent.backoff-initial=1h", "--agent.backoff-max=100ms") as exporter:
            wait_until(lambda: int(exporter.samples["agent_exporter_polls_total"]) > 3)


class Sockets(unittest.TestCase):
    def mode(self, *flags, umask=0o022, environment=None):
        with tempfile.TemporaryDirectory() as directory:
            path, before = f"{directory}/web.sock", os.umask(umask)
            try:
                with Program(f"--agent.url={NOWHERE}", f"--web.listen-address=unix:{path}", *flags, environment=environment) as p:
                    wait_until(lambda: p.process.poll() is not None or "msg=starting" in p.log)
                    return stat.S_IMODE(os.stat(path).st_mode)
            finally:
                os.umask(before)

    def test_the_directory_of_a_unix_socket_decides_unless_a_mode_is_given(self):
        for umask in [0o022, 0o077, 0]:
            self.assertEqual(oct(self.mode(umask=umask)), "0o666")
            self.assertEqual(oct(self.mode("--web.socket-mode=0660", umask=umask)), "0o660")
        self.assertEqual(oct(self.mode(environment={"WEB_SOCKET_MODE": "600"})), "0o600")
        self.assertEqual(oct(self.mode("--web.socket-mode=0777", "--web.threads=2")), "0o777")

    @unittest.skipUnless(os.geteuid() == 0, "only root can become somebody else")
    def test_another_user_can_connect_when_the_directory_allows_it(self):
        with tempfile.TemporaryDirectory() as directory:
            os.chmod(directory, 0o755)
            path = f"{directory}/web.sock"
            with Program(f"--agent.url={NOWHERE}", f"--web.listen-address=unix:{path}") as program:
                wait_until(lambda: "msg=starting" in program.log)
                script = f"import socket; socket.socket(socket.AF_UNIX).connect({path!r})"
                command = ["python3", "-c", script]
                self.assertEqual(subprocess.run(command, user=65534, group=65534, capture_output=True).returncode, 0)
                os.chmod(directory, 0o700)
                self.assertEqual(subprocess.run(command, user=65534, group=65534, capture_output=True).returncode, 1)

    def test_a_mode_that_is_none_is_said_at_once(self):
        for mode in ["888", "01000", "rw", "-1", "0o666", "1777", "+666", " 666"]:
            result = run(f"--web.socket-mode={mode}")
            self.assertEqual((result.returncode, result.stderr.count("--web.socket-mode=")), (2, 1), mode)


class Descriptors(unittest.TestCase):
    def test_few_descriptors_are_enough_or_refused_with_the_number_that_is_needed(self):
        started = []
        for limit in range(9, 24):
            port = free_port()
            flags = ["--log.format=json", f"--web.listen-address=127.0.0.1:{port}", f"--agent.url={NOWHERE}"]
            log = self.enterContext(tempfile.TemporaryFile())
            process = subprocess.Popen(
                ["bash", "-c", f'ulimit -n {limit}; exec "$@"', "bash", BINARY, *flags], stderr=log, env=surroundings()
            )

            def lines():
                return os.pread(log.fileno(), 1 << 20, 0).decode().splitlines()

            try:
                # Before it says so it may still find out that it has too few.
                wait_until(lambda: process.poll() is not None or any('"msg":"starting"' in line for line in lines()))
                if process.poll() is None:
                    with socket.create_connection(("127.0.0.1", port), 5) as peer:
                        peer.settimeout(5)
                        peer.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                        answer = peer.makefile("rb").read()
                    self.assertIn(b"200 OK", answer[:20], f"{limit} descriptors")
                    self.assertIn(b"\napp_agent_up 0\n", answer)
                    started.append(limit)
                    continue
                self.assertEqual(process.returncode, 1)
                error = next(json.loads(line)["error"] for line in lines() if '"level":"error"' in line)
                self.assertFalse(started, f"{limit} descriptors are too few: {error}")
                if limit > 9:
                    self.assertIn(f"the limit of open files is {limit}", error)
                    needed = int(error.split("at least ")[1].split()[0])
            finally:
                process.kill()
                process.wait()
        self.assertTrue(started)
        self.assertEqual(started[0], needed, "what is said to be needed is enough")


class Answers(unittest.TestCase):
    def test_an_answer_that_is_encoded_unasked_is_named(self):
        def encoded(connection):
            connection.sendall(
                b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\nConnection: close\r\n\r\n\x1f\x8b\x08"
            )

        agent = FakeAgent()
        agent.answer = encoded
        with agent, Exporter(agent.url) as exporter:
            wait_until(lambda: exporter.samples["agent_exporter_polls_total"] != "0")
            self.assertEqual(
                exporter.health["agent"]["last_error"],
                "invalid_json: the answer is encoded (gzip), which nobody asked for",
            )
            agent.answer = agent.ok(b"{}").replace(b"\r\n\r\n", b"\r\nContent-Encoding: Identity\r\n\r\n")
            exporter.wait_for("app_agent_up", "1")


if __name__ == "__main__":
    unittest.main()
