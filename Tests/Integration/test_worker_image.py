"""What is in the worker's image, with nothing around it: AGENT_EXPORTER is in-root, and IMAGE_ROOT the folder it runs in."""

import json
import os
import pathlib
import signal
import subprocess
import unittest

from support import BINARY, is_listening, surroundings, wait_until
from workers import SECRET, Worker

ROOT = pathlib.Path(os.environ["IMAGE_ROOT"])
ENVIRONMENT = {"IMAGE_ROOT": str(ROOT), "IMAGE_PROGRAM": "pipeline-worker"}


class Contained(Worker):
    """A worker in its root, as its image starts it: configured by variables alone."""

    def __init__(self, **variables):
        super().__init__(environment=ENVIRONMENT | variables, binary=BINARY)


class Image(unittest.TestCase):
    def run_it(self, *arguments, **variables):
        clean = surroundings() | ENVIRONMENT | variables
        return subprocess.run([BINARY, *arguments], capture_output=True, text=True, env=clean, timeout=20)

    def test_it_is_small_and_says_its_version(self):
        size = (ROOT / "pipeline-worker").stat().st_size
        print(f"  {size / 1e6:.1f} MB")
        self.assertLess(size, 16e6)
        self.assertRegex(self.run_it("--version").stdout, r"^pipeline-worker \d+\.\d+\.\d+ \(")

    def test_a_signed_webhook_is_taken_processed_and_scraped_everywhere(self):
        with Contained() as worker:
            self.assertEqual(worker.webhook(b'{"records": [{}, {}]}').status, 200)
            self.assertEqual(worker.webhook(secret="wrong").status, 401)
            wait_until(lambda: worker.webhooks == (1, 1), what="both are counted")
            worker.wait_for('dataflow_records_processed_total{pipeline_id="webhook"}', 2)
            self.assertEqual(worker.info["agentStatus"], "RUNNING")
            self.assertNotIn(SECRET, json.dumps(worker.status))
            self.assertNotIn(SECRET, worker.log)
            # It finds the worker by the variables that the worker was started with.
            self.assertEqual(self.run_it("healthcheck", PORT=str(worker.port)).returncode, 0)
            worker.process.kill()
            worker.wait()
            self.assertEqual(self.run_it("healthcheck", PORT=str(worker.port)).returncode, 1)

    def test_its_secret_may_be_a_file_and_without_one_it_does_not_start(self):
        refused = self.run_it("--web.listen-address=127.0.0.1:0")
        self.assertEqual(refused.returncode, 2, refused.stderr)
        self.assertIn("WEBHOOK_SECRET", refused.stderr)
        file = ROOT / "webhook-secret"
        file.write_text("from a file\n")
        self.addCleanup(file.unlink)
        file.chmod(0o444)
        with Contained(WEBHOOK_SECRET="", WEBHOOK_SECRET_FILE="/webhook-secret") as worker:
            self.assertEqual([worker.webhook(secret=secret).status for secret in ("from a file", SECRET)], [200, 401])
        file.write_text("\n")
        refused = self.run_it(WEBHOOK_SECRET_FILE="/webhook-secret")
        self.assertEqual(refused.returncode, 2, refused.stderr)

    def test_it_has_no_rights_and_nothing_to_write_to(self):
        with Contained() as worker:
            process = pathlib.Path(f"/proc/{worker.process.pid}")
            status = dict(line.split(":\t", 1) for line in (process / "status").read_text().splitlines())
            self.assertEqual(status["Uid"].split(), ["65532"] * 4)
            self.assertEqual(status["Gid"].split(), ["65532"] * 4)
            self.assertEqual((int(status["CapEff"], 16), status["NoNewPrivs"]), (0, "1"))
            mounts = [line.split() for line in (process / "mountinfo").read_text().splitlines()]
            self.assertEqual([mount[5].split(",")[0] for mount in mounts if mount[4] == "/"], ["ro"])

    def test_SIGTERM_has_it_finish_what_it_has_taken(self):
        with Contained(WORK_DURATION="1s") as worker:
            self.assertEqual([worker.webhook(b'{"n": %d}' % number).status for number in range(5)], [200] * 5)
            worker.signal(signal.SIGTERM)
            wait_until(lambda: worker.info["agentStatus"] == "PENDING_SHUTDOWN", what="it says that it ends")
            self.assertEqual((worker.get("/readyz").status, worker.webhook().status), (503, 503))
            self.assertEqual(worker.wait(), 0, worker.log)
            self.assertIn('because="all batches are done"', worker.log)

    def test_SIGTERM_ends_it_as_the_first_process_too(self):
        """To which the kernel passes only the signals that it has asked for."""
        with Contained() as worker:
            addresses = worker.process.args[1:]
        command = ["unshare", "--pid", "--fork", BINARY, *addresses]
        clean = surroundings() | ENVIRONMENT | {"WEBHOOK_SECRET": SECRET}
        process = subprocess.Popen(command, env=clean, stderr=subprocess.DEVNULL)
        wait_until(lambda: is_listening(worker.port))
        first = int(pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text())
        self.assertEqual(pathlib.Path(f"/proc/{first}/status").read_text().split("NSpid:")[1].split()[1], "1")
        os.kill(first, signal.SIGTERM)
        self.assertEqual(process.wait(5), 0)


if __name__ == "__main__":
    unittest.main()
