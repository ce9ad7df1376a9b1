"""deploy/systemd: the unit leaves the exporter the time that a drain takes, and its socket is the exporter's port."""

import configparser
import re
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

    def test_the_socket_is_the_exporters_port(self):
        self.assertEqual(unit("agent-exporter.socket")["Socket"]["ListenStream"], "8000")


if __name__ == "__main__":
    unittest.main()
