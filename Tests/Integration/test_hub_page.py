"""The hub's page at `/` and its JSON twin, as a browser and a program see them."""

import json
import unittest

from hubs import Hub, report, sample
from support import wait_until
from test_page import check_policy


class HubPage(unittest.TestCase):
    def test_the_policy_names_the_script_and_the_style_that_the_page_has(self):
        with Hub() as hub:
            check_policy(self, hub.get("/"))

    def test_page_and_json_follow_a_hub_from_its_first_report_to_its_first_problem(self):
        status = lambda: json.loads(hub.get("/status.json").text)
        with Hub("--limit.series=4") as hub:
            wait_until(lambda: status()["condition"] == "waiting")
            page = hub.get("/").text
            self.assertIn("<title>Waiting for reports", page)
            self.assertIn(f"curl http://localhost:{hub.port}/api/metrics/report", page)
            hub.report(report(sample("a"), sample("up"), name="<b>worker</b>", instance="\u202e1"))
            wait_until(lambda: status()["condition"] == "taking")
            seen = status()
            self.assertEqual((seen["components_total"], seen["components_reporting"], seen["series"]), (1, 1, 1))
            row = seen["components"][0]
            self.assertEqual((row["component_name"], row["instance"], row["rejected"]), ("<b>worker</b>", "\u202e1", 1))
            page = hub.get("/").text
            self.assertIn("<bdi>&lt;b&gt;worker&lt;/b&gt;</bdi>", page)
            self.assertNotIn("\u202e", page)
            hub.report(report(*(sample(name) for name in "bcd")))
            hub.post("/api/metrics/report", "{")
            wait_until(lambda: status()["condition"] == "refusing")
            seen = status()
            self.assertEqual([problem["code"] for problem in seen["problems"]], ["series_limit", "reports_refused"])
            self.assertEqual(seen["reports_lately"]["malformed"], 1)
            self.assertIn("4 of 4 series are held", hub.get("/").text)


if __name__ == "__main__":
    unittest.main()
