"""The hub, killed with SIGKILL at moments that nobody chose while clients report and retry: every report that was answered with 200 is
there, once, and what was exported is exported again. KILLS says how often (10)."""

import collections
import http.client
import json
import os
import random
import signal
import subprocess
import tempfile
import threading
import time
import unittest

from hubs import HUB, Hub, exported, report, sample
from support import free_port, wait_until

KILLS = int(os.environ.get("KILLS", "10"))
WORKERS = 8


class Worker(threading.Thread):
    """Reports one number after the other, each with its own identity, and again until it is answered with 200."""

    def __init__(self, number, port):
        super().__init__(daemon=True)
        self.name_of_component = f"w{number}"
        self.port = port
        self.kept = []
        self.is_over = False

    def run(self):
        connection, count = None, 0
        while not self.is_over:
            body = json.dumps(report(sample("n", count), sample("other", 1), name=self.name_of_component,
                                     report_id=f"{self.name_of_component}-{count}"))
            try:
                connection = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("POST", "/api/metrics/report", body)
                answer = connection.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException):
                if connection:
                    connection.close()
                connection = None
                time.sleep(0.005)
                continue
            if answer.status == 200:
                self.kept.append(count)
                count += 1
        if connection:
            connection.close()


class Crashes(unittest.TestCase):
    def test_what_was_answered_is_there_once(self):
        seed = random.randrange(2**32)
        chance = random.Random(seed)
        port = free_port()
        with tempfile.TemporaryDirectory() as directory:
            path = f"{directory}/h.db"
            workers = [Worker(number, port) for number in range(WORKERS)]
            for worker in workers:
                worker.start()
            for _ in range(KILLS):
                hub = Hub(f"--store=sqlite:{path}", port=port, ready=False)
                wait_until(hub.is_listening, what="the hub listens")
                time.sleep(chance.uniform(0, 0.3))
                hub.signal(signal.SIGKILL)
                hub.wait()
                hub.log_file.close()
            with Hub(f"--store=sqlite:{path}", port=port, ready=False) as hub:
                # Everything is young enough to be exported again, and is read for that.
                wait_until(lambda: hub.is_ready(), 60, "the hub is ready")
                for worker in workers:
                    worker.is_over = True
                for worker in workers:
                    worker.join()
                for worker in workers:
                    hub.wait_for(f'n{{component="{worker.name_of_component}",component_type="worker_pool"}}',
                                 str(worker.kept[-1]))
            verify = subprocess.run([HUB, "store", "verify", f"--store=sqlite:{path}"], capture_output=True, text=True)
            self.assertEqual(verify.returncode, 0, verify.stdout)
            found = collections.Counter(
                (line["component_name"], int(line["metrics"][0]["metric_value"])) for line in exported(path))
        kept = {(worker.name_of_component, count) for worker in workers for count in worker.kept}
        self.assertGreater(len(kept), 10 * KILLS)
        self.assertEqual(sorted(kept - found.keys()), [], f"answered and lost, seed {seed}")
        self.assertEqual([one for one, times in found.items() if times > 1], [], f"there twice, seed {seed}")
