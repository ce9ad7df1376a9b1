"""The hub as those use it who report to it, ask it and scrape it, those of its predecessor included."""

import asyncio
import datetime
import gzip
import json
import signal
import subprocess
import tempfile
import threading
import time
import unittest

import httpx

from hubs import SEED, Hub, exported, report, sample
from support import wait_until
from test_prometheus import Prometheus


class Predecessor(unittest.TestCase):
    """What its document shows works as it stands there."""

    def test_its_report_query_self_report_and_export(self):
        with Hub() as hub:
            answer = hub.report(SEED)
            self.assertEqual(answer.status, 200)
            told = json.loads(answer.bytes)
            self.assertEqual((told["status"], told["metrics_inserted"], told["rejected"]), ("ok", 1, []))
            found = hub.query("component_name=worker-cpu-01&metric_name=cpu_usage")
            self.assertEqual(found["count"], 1)
            row = found["metrics"][0]
            sent = SEED["metrics"][0]
            for column in ("metric_name", "metric_type", "metric_value", "labels", "help_text", "unit"):
                self.assertEqual(row[column], sent[column])
            self.assertEqual(row["timestamp"], "2024-01-01T12:00:00.000Z")
            self.assertEqual(row["runtime_id"], told["runtime_id"])
            self.assertGreater(row["created_at"], "2026")
            self.assertIn("metric_id", row)
            answer = hub.post("/api/metrics/self-report?component_name=server")
            self.assertEqual(json.loads(answer.bytes)["component_name"], "server")
            answer = hub.post("/api/metrics/self-report")
            self.assertEqual(json.loads(answer.bytes)["component_name"], "noetl-server")
            line = 'noetl_system_cpu_usage_percent{component="worker-cpu-01",component_type="worker_pool",hostname="node-1"}'
            hub.wait_for(line, "45.2")
            export = hub.get("/api/metrics/prometheus").text
            self.assertIn("# HELP noetl_system_cpu_usage_percent CPU usage percentage\n", export)
            for name in (
                "noetl_system_memory_usage_percent", "noetl_process_memory_rss_bytes", "noetl_server_active_workers",
                "noetl_server_queue_size", "noetl_uptime_seconds",
            ):
                self.assertIn(f'{name}{{component="noetl-server",component_type="server_api"}}', export)

    def test_its_python_client(self):
        with Hub() as hub:
            asyncio.run(report_custom_metric(f"http://127.0.0.1:{hub.port}"))
            hub.wait_for(
                'custom_work_items_processed{component="my-worker",component_type="worker_pool",worker_type="batch_processor"}',
                "150",
            )
            rows = hub.query("metric_name=custom_work_items_processed")["metrics"]
            # A time without a zone is one in UTC.
            age = datetime.datetime.now(datetime.timezone.utc) - datetime.datetime.fromisoformat(rows[0]["timestamp"])
            self.assertLess(abs(age.total_seconds()), 3600 * 15)

    def test_its_workers_register_live_and_leave(self):
        with Hub("--report.strict") as hub:
            worker = {"name": "worker-cpu", "runtime": "cpu", "status": "ready", "capacity": 4, "pid": 7, "labels": {}}
            self.assertEqual(hub.post("/api/worker/pool/heartbeat", {"name": "worker-cpu"}).status, 404)
            self.assertEqual(hub.report(report(name="worker-cpu")).status, 404)
            answer = hub.post("/api/worker/pool/register", worker)
            self.assertEqual((answer.status, json.loads(answer.bytes)["name"]), (200, "worker-cpu"))
            self.assertEqual(hub.post("/api/worker/pool/heartbeat", {"name": "worker-cpu"}).status, 200)
            self.assertEqual(hub.report(report(name="worker-cpu")).status, 200)
            self.assertEqual(hub.get("/api/worker/pool/deregister", "DELETE", body='{"name":"worker-cpu"}').status, 200)
            self.assertEqual(hub.report(report(name="worker-cpu")).status, 404)
            self.assertEqual(hub.post("/api/worker/pool/register", "{}").status, 400)

    def test_its_variables(self):
        environment = {
            "NOETL_SERVER_NAME": "hub-7", "NOETL_SERVER_URL": "http://localhost:8082/api",
            "NOETL_SERVER_METRICS_INTERVAL": "1", "NOETL_WORKER_METRICS_INTERVAL": "60",
        }
        with Hub(environment=environment) as hub:
            self.assertNotIn("level=warn msg=variable", hub.log)
            wait_until(lambda: hub.query("component_name=hub-7")["count"] == 0, what="only the flag counts")


async def report_custom_metric(server):
    payload = {
        "component_name": "my-worker",
        "component_type": "worker_pool",
        "metrics": [{
            "metric_name": "custom_work_items_processed",
            "metric_type": "counter",
            "metric_value": 150,
            "timestamp": datetime.datetime.now().isoformat(),
            "labels": {"worker_type": "batch_processor"},
            "help_text": "Number of work items processed",
            "unit": "items"
        }]
    }

    async with httpx.AsyncClient() as client:
        await client.post(f"{server}/api/metrics/report", json=payload)


class Reporting(unittest.TestCase):
    def test_a_bad_sample_costs_itself(self):
        with Hub() as hub:
            answer = hub.report(report(sample("up"), sample("good", 2), sample("bad", "x"), sample("9", 1)))
            told = json.loads(answer.bytes)
            self.assertEqual((answer.status, told["metrics_inserted"]), (200, 1))
            self.assertEqual([(entry["index"], entry["metric_name"]) for entry in told["rejected"]],
                             [(0, "up"), (2, "bad"), (3, "9")])
            self.assertTrue(all(entry["reason"] for entry in told["rejected"]))
            answer = hub.report(report(sample("up")))
            self.assertEqual((answer.status, json.loads(answer.bytes)["metrics_inserted"]), (422, 0))

    def test_what_is_refused_and_how(self):
        with Hub("--report.rate=1/m") as hub:
            hub.report(report(name="quick"))
            answer = hub.report(report(name="quick"))
            self.assertEqual(answer.status, 429)
            self.assertIn(answer.headers["retry-after"], {"59", "60"})
            for body, status in [
                ("", 400), ("[]", 400), ('{"component_name":"a"}', 400), (b"\xff", 400),
                (json.dumps(report(*[sample(f"m{n}") for n in range(1001)], name="many")), 413),
                ("x" * (1 << 20) + "x", 413),
            ]:
                answer = hub.report(body)
                self.assertEqual(answer.status, status, body[:40])
                if answer.headers["content-type"] == "application/json":
                    self.assertTrue(json.loads(answer.bytes)["detail"])
            self.assertEqual(hub.get("/api/metrics/report").status, 405)
            self.assertEqual(hub.get("/api/metrics/query?limit=0").status, 400)
            self.assertEqual(hub.get("/api/metrics/prometheus?runtime_id=x").status, 400)

    def test_a_body_in_chunks(self):
        with Hub() as hub:
            connection = hub.connect()
            body = json.dumps(report(sample("chunked", 3))).encode()
            connection.request("POST", "/api/metrics/report", body=iter([body[:20], body[20:]]), encode_chunked=True,
                               headers={"Transfer-Encoding": "chunked"})
            self.assertEqual(connection.getresponse().status, 200)
            connection.close()

    def test_another_site_may_not_report(self):
        with Hub() as hub:
            answer = hub.report(report(), {"Sec-Fetch-Site": "cross-site"})
            self.assertEqual(answer.status, 403)

    def test_expiry_and_what_is_asked_of_a_few(self):
        with Hub("--report.ttl=4s") as hub:
            hub.report(report(sample("short"), name="a"))
            hub.report(report(sample("long"), name="b", ttl_seconds=60))
            hub.wait_for('short{component="a",component_type="worker_pool"}', "1")
            hub.wait_for('short{component="a",component_type="worker_pool"}', None, 15)
            self.assertIn("long{", hub.get("/metrics").text)
            only = hub.get("/api/metrics/prometheus?component_name=b").text
            self.assertIn("long{", only)
            self.assertNotIn('component="a"', only)
            number = json.loads(hub.get("/api/metrics/components").bytes)["components"]
            states = {entry["component_name"]: entry["state"] for entry in number}
            self.assertEqual(states, {"a": "silent", "b": "reporting"})
            number = next(entry["runtime_id"] for entry in number if entry["component_name"] == "b")
            self.assertEqual(hub.get(f"/api/metrics/prometheus?runtime_id={number}").text, only)

    def test_pages_of_a_query(self):
        with tempfile.TemporaryDirectory() as directory, Hub(f"--store=sqlite:{directory}/h.db") as hub:
            for number in range(7):
                hub.report(report(*[sample(f"m{n}", number) for n in range(3)]))
            values, cursor = [], ""
            while cursor is not None:
                page = hub.query(f"limit=4&metric_name=m1&cursor={cursor}")
                values += [row["metric_value"] for row in page["metrics"]]
                cursor = page["next"]
            self.assertEqual(values, [6, 5, 4, 3, 2, 1, 0])


class Exposition(unittest.TestCase):
    def test_promtool_and_prometheus_take_it(self):
        with Hub() as hub, Prometheus(hub=Prometheus.job(hub.port, honor_labels=True)) as prometheus:
            hub.report(SEED)
            hub.report(report(sample("jobs_total", 7, "counter", help_text="Jobs \\ \"done\"\n"),
                              sample("odd", "NaN", "histogram"), sample("odd2", "+Inf", "summary", labels={"ä": "1"}),
                              sample("lag", 1, labels={"component": "other", "q": "\"\\\n"}), name="ü\n\"x"))
            hub.wait_for('jobs_total{component="ü\\n\\"x",component_type="worker_pool"}', "7")
            for headers in ({}, {"Accept": "application/openmetrics-text; version=1.0.0"}, {"Accept-Encoding": "gzip"}):
                for path in ("/metrics", "/api/metrics/prometheus", "/api/metrics/prometheus?component_name=worker-cpu-01"):
                    answer = hub.get(path, headers=headers)
                    body = answer.bytes
                    if answer.headers.get("content-encoding") == "gzip":
                        body = gzip.decompress(body)
                    if "Accept" in headers:
                        self.assertTrue(body.endswith(b"# EOF\n"))
                        continue
                    check = subprocess.run(["promtool", "check", "metrics"], input=body, capture_output=True)
                    # Its advice on names is for those who chose them.
                    wrong = [line for line in check.stderr.decode().splitlines() if "error" in line.lower()]
                    self.assertEqual(wrong, [], check.stderr)
            wait_until(lambda: prometheus.value('noetl_system_cpu_usage_percent{component="worker-cpu-01"}') == 45.2, 20)
            self.assertEqual(prometheus.value("up"), 1)
            self.assertEqual(prometheus.value('lag{exported_component="other"}'), 1)
            self.assertGreater(prometheus.value('agent_hub_last_report_timestamp_seconds{component="worker-cpu-01"}'), 1.7e9)


class Life(unittest.TestCase):
    def test_a_restart_exports_and_recognises_what_it_had(self):
        with tempfile.TemporaryDirectory() as directory:
            store = f"--store=sqlite:{directory}/h.db"
            first = report(sample("kept", 5), name="a", report_id="1", ttl_seconds=600)
            with Hub(store) as hub:
                hub.report(first)
                hub.post("/api/metrics/components", {"component_name": "late", "component_type": "t"})
            with Hub(store, "--report.strict") as hub:
                hub.wait_for('kept{component="a",component_type="worker_pool"}', "5")
                self.assertEqual(hub.report(report(name="late", type="t")).status, 200)
                self.assertEqual(hub.report(first).status, 404)
            with Hub(store) as hub:
                told = json.loads(hub.report(first).bytes)
                self.assertEqual((told["metrics_inserted"], told["duplicate"]), (0, True))
                self.assertEqual(hub.query("metric_name=kept")["count"], 1)

    def test_sigterm_loses_nothing_that_was_answered(self):
        with tempfile.TemporaryDirectory() as directory:
            path = f"{directory}/h.db"
            with Hub(f"--store=sqlite:{path}") as hub:
                kept = []

                def worker(number):
                    client = httpx.Client(base_url=f"http://127.0.0.1:{hub.port}")
                    for count in range(100_000):
                        try:
                            answer = client.post("/api/metrics/report", json=report(sample("n", count), name=f"w{number}"))
                        except httpx.HTTPError:
                            return
                        if answer.status_code == 200:
                            kept.append((f"w{number}", count))

                workers = [threading.Thread(target=worker, args=(number,)) for number in range(8)]
                for thread in workers:
                    thread.start()
                time.sleep(1)
                hub.signal(signal.SIGTERM)
                self.assertEqual(hub.wait(), 0, hub.log)
                for thread in workers:
                    thread.join()
            self.assertGreater(len(kept), 100)
            lines = exported(path)
            found = [(line["component_name"], line["metrics"][0]["metric_value"]) for line in lines]
            self.assertEqual(len(found), len(set(found)))
            self.assertEqual(set(kept) - set(found), set())

    def test_a_second_hub_on_the_same_file_is_told_so(self):
        with tempfile.TemporaryDirectory() as directory:
            store = f"--store=sqlite:{directory}/h.db"
            with Hub(store), Hub(store, ready=False) as second:
                self.assertEqual(second.wait(), 1)
                self.assertIn("another process has it", second.log)
