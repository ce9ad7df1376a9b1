"""A network that can swallow everything: a server in a network namespace of its own, behind a pair of virtual interfaces.

The namespace and its interfaces go with the process that is in it, and that one with us.
"""

import os
import pathlib
import subprocess
import sys

FORWARDER = str(pathlib.Path(__file__).with_name("forwarder.py"))


def ip(*words):
    return subprocess.run(["ip", *map(str, words)], check=True, timeout=10, stdout=subprocess.PIPE, text=True).stdout


class FarServer:
    """Passes what comes to `address` and `port` on to a socket of this machine. Nobody else has these addresses: RFC 5737."""

    port = 5432

    def __init__(self, path):
        first = os.getpid() % 63 * 4
        ours, self.address = f"198.51.100.{first + 1}", f"198.51.100.{first + 2}"
        self.interface = f"far{os.getpid()}"
        command = ["unshare", "--net", sys.executable, FORWARDER, self.address, str(self.port), path]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.expect("there")
        assert f" {ours}/" not in ip("address"), f"{ours} is in use on this machine"
        ip("link", "add", self.interface, "type", "veth", "peer", "name", "near", "netns", self.process.pid)
        ip("address", "add", f"{ours}/30", "dev", self.interface)
        ip("link", "set", self.interface, "up")
        self.inside("address", "add", f"{self.address}/30", "dev", "near")
        self.inside("link", "set", "near", "up")
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self.expect("listening")
        # Nothing of the test leaves this machine.
        assert f"dev {self.interface} " in ip("route", "get", self.address), "it is not where it should be"

    def expect(self, word):
        said = self.process.stdout.readline().strip()
        assert said == word, f"{said}, and not {word}: {self.process.poll()}"

    def inside(self, *words):
        subprocess.run(["nsenter", "--net", "--target", str(self.process.pid), "ip", *words], check=True, timeout=10)

    def swallow(self):
        """From now on nothing arrives, and nobody is told."""
        self.inside("link", "set", "near", "down")

    def deliver(self):
        self.inside("link", "set", "near", "up")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()
