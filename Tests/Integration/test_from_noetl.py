"""The page for those who come from NoETL: its commands and statements run against a hub with PostgreSQL, and it leaves nothing of
their guide out."""

import json
import pathlib
import re
import subprocess
import sys
import unittest

from history import UP, WRITTEN, HistoryTestCase
from hubs import HUB, SEED, Hub
from pages import ROOT, Reader, blocks, fits
from support import free_port, surroundings, wait_until
from test_hub_docs import Guided

PAGE = ROOT / "docs/from-noetl.md"
# What their guide names, of the kinds that somebody would search the page for.
NAMED = """
POST /api/metrics/report|GET /api/metrics/query|POST /api/metrics/self-report|GET /api/metrics/prometheus
NOETL_WORKER_METRICS_INTERVAL|NOETL_WORKER_HEARTBEAT_INTERVAL|NOETL_WORKER_POOL_NAME|NOETL_WORKER_ID
NOETL_SERVER_METRICS_INTERVAL|NOETL_SERVER_NAME|NOETL_SERVER_URL
noetl_system_cpu_usage_percent|noetl_system_memory_usage_percent|noetl_process_memory_rss_bytes|noetl_worker_active_tasks
noetl_worker_queue_size|noetl_server_active_workers|noetl_server_queue_size|noetl_uptime_seconds|custom_work_items_processed
ScalableQueueWorkerPool|QueueWorker|worker_pool|gauge|counter|histogram|summary|psutil|noetl.metrics|noetl.metric|noetl.runtime|test_metrics_integration.py
VMPodScrape|ServiceMonitor|VictoriaMetrics|app: noetl-server|System metrics|Worker metrics|Server metrics|Custom metrics
""".strip().replace("\n", "|").split("|")
# What their code expects beside the table.
BEFORE = "CREATE SCHEMA noetl; CREATE TABLE noetl.runtime (runtime_id BIGINT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL)"
# Statements that somebody brings along, and why they cannot be kept: the page says so, and what takes their place.
REFUSED = {
    "CREATE INDEX ON noetl.metrics (component_name, timestamp)": 'column "component_name" does not exist',
}
# The client of their guide, with an address that answers.
CLIENT = '''
import httpx
import datetime

async def report_custom_metric():
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
        await client.post("http://server:8082/api/metrics/report", json=payload)
'''
COLUMNS = """
    SELECT column_name, data_type, character_maximum_length, column_default, is_nullable FROM information_schema.columns
    WHERE table_schema = 'noetl' AND table_name = 'metrics' ORDER BY ordinal_position
"""


class Noetl(HistoryTestCase):
    def setUp(self):
        super().setUp()
        self.page = PAGE.read_text()
        self.blocks = blocks(self.page)

    def statements(self, before):
        return [block for block in self.blocks if block.language == "sql" and (block.remark("before the hub") is not None) == before]

    def test_every_command_and_statement_says_what_the_page_has(self):
        start = lambda port, *flags: Guided(str(self.directory), port, f"--postgres.url={self.database.url()}", *flags)
        with Reader(str(self.directory), start) as reader:
            ports = ("PORT", "KAMON_PROMETHEUS_PORT", "KAMON_STATUS_PAGE_PORT", "ACTUATOR_PORT")
            reader.environment |= {name: str(free_port()) for name in ports}
            (self.directory / ".tools/pipeline-worker").symlink_to(pathlib.Path(HUB).with_name("pipeline-worker"))
            hub = reader.running.enter_context(start(reader.port))
            hub.wait_for(UP, "1", 20)
            self.assertGreater(len(self.statements(False)), 5)
            for block in self.blocks:
                with self.subTest(block.text):
                    if block.language == "sh":
                        self.assertIsNone(reader.read(block))
                    elif block.remark("before the hub") is None:
                        self.assertEqual(block.language, "sql")
                        self.says(block)

    def says(self, block):
        """What psql prints of a statement, as soon as what was reported is written."""
        said = []

        def looks():
            said[:] = ["\t".join(row) for row in self.database.ask(block.text)]
            return fits("\n".join(said), block.output)

        try:
            wait_until(looks, 10)
        except AssertionError:
            self.fail(f"it said: {said}")

    def test_their_table_is_used_and_afterwards_it_is_there_already(self):
        [table] = self.statements(True)
        self.database.ask(BEFORE)
        self.database.ask(table.text)
        theirs = self.database.ask(COLUMNS)
        with self.hub() as hub:
            hub.wait_for(UP, "1", 20)
            self.assertEqual(hub.report(SEED).status, 200)
            hub.wait_for(WRITTEN, "1", 20)
        kept = self.database.ask("SELECT metric_name, metric_type, metric_value, help_text, unit, kind, name, timestamp AT TIME ZONE 'UTC' "
                                 "FROM noetl.metrics JOIN noetl.runtime USING (runtime_id)")
        self.assertEqual(kept, [["noetl_system_cpu_usage_percent", "gauge", "45.2", "CPU usage percentage", "percent", "worker_pool",
                                 "worker-cpu-01", "2024-01-01 12:00:00"]])
        self.database = self.cluster.database()
        made = subprocess.run([HUB, "postgres", "init", f"--postgres.url={self.database.url()}"], env=surroundings(), capture_output=True)
        self.assertEqual(made.returncode, 0, made.stderr)
        with self.assertRaises(subprocess.CalledProcessError) as refusal:
            self.database.ask(table.text)
        self.assertIn('relation "metrics" already exists', refusal.exception.stderr)
        self.assertIn('relation "metrics" already exists', self.page)
        ours = self.database.ask(COLUMNS)
        differences = {one[0] for one, other in zip(theirs, ours, strict=True) if one != other}
        self.assertEqual([column[:4] for column in theirs], [column[:4] for column in ours])
        # And the key, which no column says.
        section = self.page.split("## The table\n")[1].split("\n## ")[0]
        said = set(re.findall(r"^\| `(\w+)` \| other \|", section, re.M))
        self.assertEqual(said - differences, {"metric_id"})
        self.assertEqual(differences - said, set())

    def test_what_cannot_be_kept_fails_as_the_page_says(self):
        made = subprocess.run([HUB, "postgres", "init", f"--postgres.url={self.database.url()}"], env=surroundings(), capture_output=True)
        self.assertEqual(made.returncode, 0, made.stderr)
        for statement, why in REFUSED.items():
            with self.assertRaises(subprocess.CalledProcessError) as refusal:
                self.database.ask(statement)
            self.assertIn(why, refusal.exception.stderr)
        self.assertEqual(self.database.number("SELECT pg_total_relation_size('noetl.metrics')"), 0)
        self.database.ask("DELETE FROM noetl.metrics WHERE created_at < now() - interval '30 days'")

    def test_their_client_runs_as_it_stands(self):
        with Hub() as hub:
            code = CLIENT.replace("server:8082", f"127.0.0.1:{hub.port}") + "\nimport asyncio\nasyncio.run(report_custom_metric())\n"
            subprocess.run([sys.executable, "-c", code], check=True, timeout=30)
            [row] = hub.query("component_name=my-worker")["metrics"]
            self.assertEqual((row["metric_value"], row["unit"], row["labels"]), (150, "items", {"worker_type": "batch_processor"}))

    def test_nothing_of_their_guide_is_left_out(self):
        self.assertEqual([name for name in NAMED if name not in self.page], [])

    def test_the_groups_are_rows_of_the_dashboard_with_these_panels(self):
        panels = json.loads((ROOT / "deploy/grafana/dashboards/agent-hub.json").read_text())["panels"]
        groups = {}
        for panel in sorted(panels, key=lambda panel: (panel["gridPos"]["y"], panel["gridPos"]["x"])):
            if panel["type"] == "row":
                shown = groups.setdefault(panel["title"], [])
            else:
                shown.append(panel["title"])
        said = dict(re.findall(r"^\| (\w+ metrics) \| (\*.*) \|$", self.page, re.M))
        self.assertEqual(len(said), 4)
        self.assertEqual({group: re.findall(r"\*(.+?)\*", titles) for group, titles in said.items()},
                         {group: groups[group] for group in said})


if __name__ == "__main__":
    unittest.main()
