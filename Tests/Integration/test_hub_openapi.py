"""The hub does what its description says: schemathesis makes requests of it, good ones and bad ones, and judges the answers."""

import json
import os
import subprocess
import sys
import tempfile
import unittest

import openapi_spec_validator

from hubs import Hub
from locked import WebFile, basic, bcrypt

CONFIGURATION = os.path.join(os.path.dirname(os.path.abspath(__file__)), "schemathesis.toml")
DESCRIPTION = "/api/openapi.json"


def tried(hub, *flags):
    """A run of schemathesis, with all its checks."""
    program = os.path.join(os.path.dirname(sys.executable), "schemathesis")
    command = [program, "--config-file", CONFIGURATION, "run", f"http://127.0.0.1:{hub.port}{DESCRIPTION}", *flags]
    with tempfile.TemporaryDirectory() as directory:
        return subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=directory)


class Description(unittest.TestCase):
    def judge(self, hub, *flags):
        run = tried(hub, *flags)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr + hub.log)
        self.assertRegex(run.stdout, r"Selected: (\d+)/\1\n +Tested: \1\n", "everything is tried")

    def test_it_is_an_openapi_document(self):
        with Hub("--web.enable-lifecycle") as hub:
            answer = hub.get(DESCRIPTION)
            self.assertEqual((answer.status, answer.headers["content-type"]), (200, "application/json"))
            document = json.loads(answer.text)
            openapi_spec_validator.validate(document)
            self.assertIn("/-/reload", document["paths"])

    def test_a_hub_that_keeps_reports_in_memory_does_what_it_says(self):
        with Hub("--self-report.interval=1s") as hub:
            self.judge(hub)

    def test_a_hub_that_keeps_reports_in_a_file_does_what_it_says(self):
        with tempfile.TemporaryDirectory() as directory, Hub(f"--store=sqlite:{directory}/hub.db") as hub:
            self.judge(hub, "--max-examples=8")

    def test_a_hub_with_few_places_for_few_people_does_what_it_says(self):
        """What is refused for want of credentials, of a registration, of a place or of time is described, too."""
        rules = {
            "basic_auth_users": {"worker": bcrypt("secret")},
            "basic_auth_scopes": {"worker": ["read", "write"]},
            "health_without_auth": True,
        }
        with WebFile(**rules) as web, Hub(f"--web.config.file={web.path}", "--report.strict") as hub:
            self.assertEqual(hub.get(DESCRIPTION).status, 401)
            self.judge(hub, "--max-examples=6", "--header", f"Authorization: {basic('worker', 'secret')}")
        with Hub("--limit.components=3", "--limit.series=20", "--report.rate=5/s") as hub:
            self.judge(hub, "--max-examples=6")


if __name__ == "__main__":
    unittest.main()
