"""What is in the hub's image, with nothing around it but a volume: AGENT_EXPORTER is in-root, and IMAGE_ROOT the folder it runs
in."""

import os
import pathlib
import signal
import subprocess
import tempfile
import unittest

from hubs import SEED, Hub
from support import BINARY, Server, free_port, surroundings, wait_until

ROOT = pathlib.Path(os.environ["IMAGE_ROOT"])
LINE = 'noetl_system_cpu_usage_percent{component="worker-cpu-01",component_type="worker_pool",hostname="node-1"}'


class Contained(Hub):
    """A hub in its root, as its image starts it; ready when this returns."""

    def __init__(self, environment):
        self.port = free_port()
        address = f"--web.listen-address=127.0.0.1:{self.port}"
        Server.__init__(self, address, environment=environment)
        wait_until(self.is_ready, what="the hub is ready")


class Image(unittest.TestCase):
    def setUp(self):
        (ROOT / "data").mkdir(exist_ok=True)
        self.volume = self.enterContext(tempfile.TemporaryDirectory())
        os.chown(self.volume, 65532, 65532)
        self.environment = {
            "IMAGE_ROOT": str(ROOT), "IMAGE_PROGRAM": "agent-hub", "IMAGE_DATA": self.volume,
            "STORE": "sqlite:/data/agent-hub.db",
        }

    def run_it(self, *arguments):
        clean = surroundings() | self.environment
        return subprocess.run([BINARY, *arguments], capture_output=True, text=True, env=clean, timeout=20)

    def test_it_is_small(self):
        size = (ROOT / "agent-hub").stat().st_size
        print(f"  {size / 1e6:.1f} MB")
        self.assertLess(size, 20e6)

    def test_it_keeps_reports_on_its_volume_from_one_container_to_the_next(self):
        with Contained(self.environment) as hub:
            self.assertEqual(hub.report(SEED).status, 200)
            url = f"http://127.0.0.1:{hub.port}"
            self.assertEqual(self.run_it("healthcheck", f"--url={url}/readyz").returncode, 0)
            checked = self.run_it("check", url)
            self.assertEqual(checked.returncode, 0, checked.stdout)
            hub.signal(signal.SIGTERM)
            self.assertEqual(hub.wait(), 0, hub.log)
        status = pathlib.Path(self.volume, "agent-hub.db").stat()
        self.assertEqual((status.st_uid, status.st_mode & 0o777), (65532, 0o600))
        with Contained(self.environment) as hub:
            hub.wait_for(LINE, "45.2")
            self.assertEqual(hub.query("metric_name=cpu_usage&component_name=worker-cpu-01")["count"], 1)
        verified = self.run_it("store", "verify")
        self.assertIn("/data/agent-hub.db: ok, ", verified.stdout)

    def test_it_has_no_rights_and_its_volume_alone_to_write_to(self):
        with Contained(self.environment) as hub:
            process = pathlib.Path(f"/proc/{hub.process.pid}")
            status = dict(line.split(":\t", 1) for line in (process / "status").read_text().splitlines())
            self.assertEqual(status["Uid"].split(), ["65532"] * 4)
            self.assertEqual((int(status["CapEff"], 16), status["NoNewPrivs"]), (0, "1"))
            mounts = [line.split() for line in (process / "mountinfo").read_text().splitlines()]
            found = {mount[4]: mount[5].split(",")[0] for mount in mounts}
            self.assertEqual((found["/"], found["/data"]), ("ro", "rw"))

    def test_without_a_volume_that_it_may_write_to_it_says_so(self):
        os.chown(self.volume, 0, 0)
        os.chmod(self.volume, 0o755)
        refused = self.run_it(f"--web.listen-address=127.0.0.1:{free_port()}")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("its file and directory must be writable by this user", refused.stderr)


if __name__ == "__main__":
    unittest.main()
