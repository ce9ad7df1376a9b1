"""What the hub makes of those who mean it no good, and of disks that fail: an answer with a reason, bounded memory, scrapes that
are valid."""

import json
import os
import random
import socket
import subprocess
import tempfile
import time
import unittest

from prometheus_client.parser import text_string_to_metric_families

from hubs import HUB, Hub, report, sample
from support import Program, free_port, is_sanitized, wait_until


# How many are tried in the test of their limits.
LABEL_SETS = int(os.environ.get("LABEL_SETS", "30000"))


def is_valid(hub):
    """Whether somebody who was not written here reads every line of the export."""
    return sum(len(family.samples) for family in text_string_to_metric_families(hub.get().text))


class Bodies(unittest.TestCase):
    def test_a_gibibyte_that_is_announced_is_not_received(self):
        with Hub() as hub, socket.create_connection(("127.0.0.1", hub.port), 10) as peer:
            peer.sendall(b"POST /api/metrics/report HTTP/1.1\r\nHost: h\r\nContent-Length: 1073741824\r\n\r\n")
            self.assertIn(b" 413 ", peer.recv(4096))

    def test_a_gibibyte_in_chunks_ends_at_a_mebibyte(self):
        with Hub() as hub, socket.create_connection(("127.0.0.1", hub.port), 10) as peer:
            peer.sendall(b"POST /api/metrics/report HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
            chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"
            began = time.monotonic()
            for _ in range(40):
                peer.sendall(chunk)
            self.assertIn(b" 413 ", peer.recv(4096))
            # It is listened to for a moment, so that it can read that; then it is cut off.
            with self.assertRaises(OSError):
                while time.monotonic() < began + 5:
                    peer.sendall(chunk)
            if not is_sanitized():
                self.assertLess(hub.resident_kilobytes, 40_000)
            self.assertEqual(hub.report(report()).status, 200)

    def test_a_thousand_odd_reports_are_answered_with_a_reason(self):
        chance = random.Random(7)
        texts = [
            '"a"', '"\\u0000"', '"\\ud800"', '"' + "x" * 300 + '"', '"up"', '"a b"', "1", "null", "true", "[]", "{}",
            '"ä"', '""', '"scrape_x"', '"agent_hub_x"', '"__name__"', '"a:b"',
        ]
        values = ["1e400", "-1e400", "1e-400", "1e308", "0", "-0", '"NaN"', '"+Inf"', "1.", "01", '"x"', "null", "[1]", "9" * 400]
        times = ["null", '"2024-01-01T12:00:00Z"', '"2024-13-01T00:00:00Z"', "1e300", "-1e300", "0", '"9999-12-31T23:59:59Z"', "{}"]
        labels = [
            "null", "{}", '{"a":"b"}', '{"a":"b","a":"c"}', '{"__a":"b"}', '{"component":"x"}', '{"exported_component":"y","component":"x"}',
            '{"le":"1"}', "[]", "1", '{"a":{}}', '{"":"x"}', '{"a":"\\u0000"}', "{%s}" % ",".join(f'"l{n}":"v"' for n in range(70)),
        ]
        kinds = ['"gauge"', '"counter"', '"histogram"', '"summary"', '"GAUGE"', '"info"', "1", "null"]
        with Hub("--limit.component-series=20") as hub:
            statuses = set()
            for _ in range(1000):
                metrics = ",".join(
                    '{"metric_name":%s,"metric_type":%s,"metric_value":%s,"timestamp":%s,"labels":%s,"help_text":%s,"unit":%s}' % tuple(
                        map(chance.choice, (texts, kinds, values, times, labels, texts, texts)))
                    for _ in range(chance.randrange(4))
                )
                body = '{"component_name":%s,"component_type":%s,"instance":%s,"ttl_seconds":%s,"metrics":[%s]}' % (
                    chance.choice(texts), chance.choice(texts), chance.choice(texts), chance.choice(values), metrics)
                data = bytearray(body.encode())
                if chance.random() < 0.2 and data:
                    data[chance.randrange(len(data))] = chance.randrange(256)
                answer = hub.report(bytes(data))
                statuses.add(answer.status)
                told = json.loads(answer.bytes)
                if answer.status != 200:
                    self.assertTrue(told["detail"], body)
                for rejection in told.get("rejected", []):
                    self.assertTrue(rejection["reason"])
            self.assertLessEqual(statuses, {200, 400, 422})
            for path in ("/metrics", "/api/metrics/components", "/status.json", "/", "/api/metrics/query"):
                self.assertEqual(hub.get(path).status, 200, path)
            is_valid(hub)

    def test_deep_documents(self):
        with Hub() as hub:
            for body in ("[" * 500_000, '{"metrics":' * 90_000, '{"a":' * 100_000 + "1" + "}" * 100_000):
                self.assertEqual(hub.report(body).status, 400)
            self.assertEqual(hub.report(report()).status, 200)


class Crowds(unittest.TestCase):
    def test_label_sets_without_end_are_held_to_the_limits(self):
        with Hub("--limit.series=6000", "--limit.component-series=2000") as hub:
            met = set()
            for component in range(10):
                for part in range(LABEL_SETS // 10_000):
                    metrics = [sample("m", 1, labels={"id": f"{component}-{part}-{n}"}) for n in range(1000)]
                    answer = hub.report(report(*metrics, name=f"w{component}"))
                    met |= {rejection["reason"] for rejection in json.loads(answer.bytes)["rejected"]}
            self.assertEqual(len(met), 2, met)
            self.assertTrue(any("6000 series" in reason for reason in met), met)
            self.assertTrue(any("2000 series" in reason for reason in met), met)
            hub.wait_for("agent_hub_series", "6000")
            if not is_sanitized():
                self.assertLess(hub.resident_kilobytes, 80_000)
            self.assertGreater(is_valid(hub), 6000)

    def test_more_components_than_there_may_be(self):
        with Hub("--limit.components=50") as hub:
            statuses = [hub.report(report(name=f"w{n}")).status for n in range(60)]
            self.assertEqual(statuses, [200] * 50 + [422] * 10)
            self.assertIn("50 components", json.loads(hub.report(report(name="one more")).bytes)["rejected"][0]["reason"])

    def test_one_name_with_two_types_and_a_name_of_another_family(self):
        with Hub() as hub:
            self.assertEqual(hub.report(report(sample("a", 1, "gauge"), name="x")).status, 200)
            self.assertEqual(hub.report(report(sample("a", 1, "counter"), name="y")).status, 422)
            hub.report(report(sample("b", 1, "gauge"), sample("b_total", 2, "counter"), sample("b_bucket", 3, "gauge")))
            hub.wait_for('b_total{component="worker",component_type="worker_pool"}', "2")
            for accept in ("text/plain", "application/openmetrics-text; version=1.0.0"):
                self.assertEqual(hub.get("/metrics", headers={"Accept": accept}).status, 200)
            is_valid(hub)


class Disk(Program):
    """A hub whose store is on a small disk of its own."""

    def __init__(self, size="3m"):
        self.place = tempfile.TemporaryDirectory()
        self.port = free_port()
        script = f"mount -t tmpfs -o size={size} none {self.place.name} && exec {HUB} serve --self-report.interval=0s" \
                 f" --store=sqlite:{self.place.name}/h.db --web.listen-address=127.0.0.1:{self.port}"
        super().__init__("--mount", "--map-root-user", "--user", "bash", "-c", script, binary="unshare")

    get = Hub.get
    post = Hub.post
    report = Hub.report
    query = Hub.query
    connect = Hub.connect
    samples = Hub.samples
    wait_for = Hub.wait_for
    is_listening = Hub.is_listening
    is_ready = Hub.is_ready

    def __enter__(self):
        wait_until(self.is_ready, what="the hub is ready")
        return self

    def __exit__(self, *arguments):
        super().__exit__(*arguments)
        self.place.cleanup()

    @property
    def inside(self):
        """The disk as the hub sees it."""
        return f"/proc/{self.process.pid}/root{self.place.name}"


class Disks(unittest.TestCase):
    def test_a_full_disk_refuses_reports_and_nothing_else_and_is_over_when_there_is_room(self):
        with Disk() as hub:
            self.assertEqual(hub.report(report(sample("kept", 1), ttl_seconds=600)).status, 200)
            with open(f"{hub.inside}/filler", "wb") as filler:
                with self.assertRaises(OSError):
                    while True:
                        filler.write(b"x" * 65536)
                        filler.flush()
            big = report(*[sample("m", n, labels={"id": "x" * 500 + str(n)}) for n in range(900)], name="big")
            answer = wait_until(lambda: (lambda a: a if a.status != 200 else None)(hub.report(big)))
            self.assertEqual(answer.status, 503)
            self.assertIn("retry-after", answer.headers)
            self.assertIn("no room", json.loads(answer.bytes)["detail"])
            self.assertNotIn(hub.place.name, answer.text)
            hub.wait_for("agent_hub_store_full", "1")
            self.assertIn("kept{", hub.get().text)
            self.assertEqual(hub.query("metric_name=kept")["count"], 1)
            os.unlink(f"{hub.inside}/filler")
            self.assertEqual(hub.report(report(sample("later", 1))).status, 200)
            hub.wait_for("agent_hub_store_full", "0")

    def test_a_file_in_a_directory_that_cannot_be_written(self):
        with tempfile.TemporaryDirectory() as directory:
            process = subprocess.run(
                ["unshare", "--mount", "--map-root-user", "--user", "bash", "-c",
                 f"mount -t tmpfs -o ro none {directory} && exec {HUB} --store=sqlite:{directory}/h.db"],
                capture_output=True, text=True, timeout=20)
            self.assertEqual(process.returncode, 1)
            self.assertIn("the store cannot be opened", process.stderr)

    def test_a_damaged_file_is_told_so_and_never_crashes(self):
        with tempfile.TemporaryDirectory() as directory:
            path = f"{directory}/h.db"
            with Hub(f"--store=sqlite:{path}") as hub:
                for number in range(300):
                    hub.report(report(*[sample(f"m{n}", number) for n in range(20)], name=f"w{number % 7}"))
            with open(path, "rb") as file:
                whole = file.read()
            chance = random.Random(3)
            for _ in range(20):
                data = bytearray(whole)
                start = chance.randrange(0, len(data) - 600)
                data[start : start + 500] = chance.randbytes(500)
                with open(path, "wb") as file:
                    file.write(data)
                verify = subprocess.run([HUB, "store", "verify", f"--store=sqlite:{path}"], capture_output=True, timeout=20)
                self.assertIn(verify.returncode, (0, 1), verify.stderr)
                with Hub(f"--store=sqlite:{path}", ready=False) as hub:
                    wait_until(lambda: hub.process.poll() is not None or hub.is_ready(), what="it runs or has ended")
                    if hub.process.poll() is None:
                        self.assertIn(hub.report(report(sample("m1", 1), name="w1")).status, (200, 503))
                        self.assertIn(hub.get("/api/metrics/query?limit=10000").status, (200, 503))
                        self.assertEqual(hub.get().status, 200)
                    else:
                        self.assertEqual(hub.wait(), 1, hub.log)
                        self.assertIn("the store cannot be opened", hub.log)
                for suffix in ("-wal", "-shm"):
                    if os.path.exists(path + suffix):
                        os.unlink(path + suffix)
