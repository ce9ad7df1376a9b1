"""What is said at the start, and of what is wrong with it."""

import json
import os
import signal
import socket
import stat
import subprocess
import tempfile
import time
import unittest

from support import BINARY, Exporter, FakeAgent, Program, SimulatedAgent, free_port, is_listening, surroundings, wait_until

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


def run(*arguments, environment=None, limit=None):
    command = [BINARY, *arguments]
    if limit:
        command = ["bash", "-c", f'ulimit -n {limit}; exec "$@"', "bash", *command]
    clean = surroundings() | (environment or {})
    return subprocess.run(command, capture_output=True, text=True, timeout=20, env=clean)


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


if __name__ == "__main__":
    unittest.main()
