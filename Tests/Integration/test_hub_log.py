"""The hub's log, killed with SIGKILL at moments that nobody chose: what it has acknowledged is there, once.

KILLS says how often (30). The writer is Benchmarks/LogBench.
"""

import collections
import json
import os
import pathlib
import random
import subprocess
import tempfile
import threading
import time
import unittest

PROGRAM = pathlib.Path(os.environ["AGENT_EXPORTER"]).with_name("log-bench")
KILLS = int(os.environ.get("KILLS", "30"))
WORKERS = 8


class HubLogTests(unittest.TestCase):
    def test_what_was_acknowledged_is_there_once_after_kill_9(self):
        seed = random.randrange(2**32)
        chance = random.Random(seed)
        acknowledged = set()
        with tempfile.TemporaryDirectory() as directory:
            path = f"{directory}/log.db"
            for _ in range(KILLS):
                acknowledged |= run_and_kill(path, chance.uniform(0, 0.15))
            written = exported(path)
        self.assertGreater(len(acknowledged), 10 * KILLS, "hardly anything was written")
        self.assertEqual([], [line for line in written if isinstance(line, str)], f"seed {seed}")
        counts = collections.Counter((int(report["component_name"]), value(report)) for report in written)
        self.assertEqual([], sorted(acknowledged - counts.keys()), f"acknowledged and lost, seed {seed}")
        self.assertEqual([], [report for report, count in counts.items() if count > 1], f"there twice, seed {seed}")
        self.assertEqual([report["sequence"] for report in written], list(range(1, len(written) + 1)))
        # Of each worker all numbers up to its last: one is sent when the one before it was acknowledged.
        for worker in range(WORKERS):
            numbers = [value(report) for report in written if report["component_name"] == str(worker)]
            self.assertEqual(numbers, list(range(1, len(numbers) + 1)))


def run_and_kill(path, seconds):
    """What a run has acknowledged until it was killed, so long after its first word."""
    with subprocess.Popen([PROGRAM, "write", path, str(WORKERS)], stdout=subprocess.PIPE) as writer:
        lines = []
        ready = threading.Event()

        def read():
            for line in writer.stdout:
                lines.append(line)
                ready.set()
            ready.set()

        reading = threading.Thread(target=read)
        reading.start()
        try:
            if not ready.wait(20) or not lines:
                raise AssertionError("the writer did not start")
            # A moment to be killed at, not one to wait for.
            time.sleep(seconds)
        finally:
            writer.kill()
            reading.join()
    if lines[0] != b"ready\n":
        raise AssertionError(lines[0])
    whole = [line for line in lines[1:] if line.endswith(b"\n")]
    return {tuple(map(int, line.split())) for line in whole}


def exported(path):
    """Reports, and problems as texts."""
    output = subprocess.run([PROGRAM, "export", path], check=True, capture_output=True, text=True, timeout=60).stdout
    return [line if line.startswith("problem") else json.loads(line) for line in output.splitlines()]


def value(report):
    return report["metrics"][0]["metric_value"]


if __name__ == "__main__":
    unittest.main()
