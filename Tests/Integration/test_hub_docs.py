"""Every example of the pages about the hub does what the page says, against a hub on a free port."""

import os
import tempfile
import unittest

import yaml

from hubs import HUB, Hub
from pages import ROOT, Reader, blocks
from support import Server, wait_until
from test_prometheus import Prometheus

GUIDE = ROOT / "docs/hub.md"
TROUBLES = ROOT / "docs/hub-troubleshooting.md"
# What the pages may have: all of it is tested.
LANGUAGES = {"sh", "python", "yaml", "promql"}


class Guided(Hub):
    """A hub as the pages start it: its file is in the reader's folder."""

    def __init__(self, folder, port, *flags):
        self.port = port
        self.folder = folder
        command = [f"--web.listen-address=127.0.0.1:{port}", f"--store=sqlite:{folder}/agent-hub.db"]
        there = [flag.replace("web-config.yml", f"{folder}/web-config.yml") for flag in flags]
        Server.__init__(self, *command, *there, binary=HUB)
        wait_until(self.answers, what="the hub answers")

    def answers(self):
        return self.is_listening() and self.get("/readyz").status == 200


class Pages(unittest.TestCase):
    def read(self, page):
        with tempfile.TemporaryDirectory() as folder:
            with Reader(folder, lambda port, *flags: Guided(folder, port, *flags)) as reader:
                reader.running.enter_context(Guided(folder, reader.port))
                for block in blocks(page.read_text()):
                    with self.subTest(page.name, block=block.text.splitlines()[0]):
                        self.assertIn(block.language, LANGUAGES)
                        if block.language == "yaml":
                            self.look(block, reader.port)
                        elif block.language == "promql":
                            self.ask(block.text, reader.port)
                        else:
                            self.assertIsNone(reader.read(block))

    def look(self, block, port):
        """A configuration is what a file of the kit has, or what Prometheus scrapes the hub by."""
        if file := block.remark("in"):
            shipped = yaml.safe_load((ROOT / file).read_text())
            self.assertEqual(yaml.safe_load(block.text), shipped)
            return
        self.assertIsNotNone(block.remark("prometheus"), "nothing tests this")
        (job,) = yaml.safe_load(block.text.replace("localhost:8082", f"127.0.0.1:{port}"))["scrape_configs"]
        job["scrape_interval"] = "250ms"
        job["scrape_timeout"] = "250ms"
        with Prometheus(**{job.pop("job_name").replace("-", "_"): job}) as prometheus:
            found = lambda: prometheus.value('noetl_system_cpu_usage_percent{component="worker-cpu-01"}') is not None
            wait_until(found, what="the component's own label is there")

    def ask(self, query, port):
        with Prometheus(hub=Prometheus.job(port, honor_labels=True)) as prometheus:
            wait_until(lambda: prometheus.value(query) is not None, what="the query finds something")

    def test_the_guide(self):
        self.read(GUIDE)

    def test_the_page_on_troubles(self):
        self.read(TROUBLES)


if __name__ == "__main__":
    unittest.main()
