"""deploy/systemd: the unit leaves the exporter the time that a drain takes, and its socket is the exporter's port."""

import configparser
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from manifests import STOPPING_SECONDS
from support import BINARY, DEPLOY, run

FOLDER = DEPLOY / "systemd"


def unit(name):
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read_string((FOLDER / name).read_text())
    return parser


class Units(unittest.TestCase):
    def test_a_drain_is_not_cut_short(self):
        reference = run(BINARY, "--help-markdown")
        drain = int(re.search(r"--web\.drain-timeout=DURATION` [^`]*`\w+` \| `(\d+)`", reference)[1])
        allowed = int(unit("agent-exporter.service")["Service"]["TimeoutStopSec"])
        self.assertGreaterEqual(allowed, drain + STOPPING_SECONDS)

    def test_it_may_do_what_it_needs(self):
        service = unit("agent-exporter.service")["Service"]
        self.assertEqual((service["Type"], service["Restart"]), ("notify", "on-failure"))
        # AF_UNIX is how it tells systemd that it is ready.
        self.assertEqual(service["RestrictAddressFamilies"].split(), ["AF_INET", "AF_INET6", "AF_UNIX"])
        self.assertEqual((service["DynamicUser"], service["ProtectSystem"]), ("yes", "strict"))

    def test_a_reload_is_the_signal_that_has_files_read_again(self):
        self.assertEqual(unit("agent-exporter.service")["Service"]["ExecReload"], "/bin/kill -HUP $MAINPID")
        self.assertIn("SIGHUP reads it again", run(BINARY, "--help-markdown"))

    def test_what_is_locked_names_files_that_are_passed_on(self):
        lines = [line for line in (FOLDER / "locked.conf").read_text().splitlines() if not line.startswith(("#", "["))]
        settings = [line.split("=", 1) for line in lines]
        passed = {value.split(":")[0] for key, value in settings if key == "LoadCredential"}
        variables = dict(value.split("=", 1) for key, value in settings if key == "Environment")
        self.assertEqual({value.removeprefix("%d/") for value in variables.values()} - passed, set())
        help_text = run(BINARY, "--help")
        for variable in variables:
            self.assertIn(variable, help_text)

    @unittest.skipUnless(shutil.which("systemd-analyze"), "needs systemd-analyze")
    def test_systemd_takes_them(self):
        with tempfile.TemporaryDirectory() as directory:
            service = (FOLDER / "agent-exporter.service").read_text().replace("/usr/local/bin/agent-exporter", "/bin/true")
            pathlib.Path(directory, "agent-exporter.service").write_text(service)
            drop_in = pathlib.Path(directory, "agent-exporter.service.d")
            drop_in.mkdir()
            shutil.copy(FOLDER / "locked.conf", drop_in)
            command = ["systemd-analyze", "verify", f"{directory}/agent-exporter.service"]
            said = subprocess.run(command, capture_output=True, text=True)
            about_ours = [line for line in said.stderr.splitlines() if "agent-exporter" in line or "locked.conf" in line]
            self.assertEqual((said.returncode, about_ours), (0, []), said.stderr)

    def test_the_socket_is_the_exporters_port(self):
        self.assertEqual(unit("agent-exporter.socket")["Socket"]["ListenStream"], "8000")


if __name__ == "__main__":
    unittest.main()
