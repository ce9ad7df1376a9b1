"""The rules: promtool takes them, each alert fires when it should and not otherwise, and leads to its page."""

import collections
import concurrent.futures
import re
import unittest

from support import DOCS, ROOT, alerts, metric_names, queryable_metrics, read_rules, read_yaml, rules, run

CASES = sorted((ROOT / "Tests/Operations/alerts").glob("*.yml"))
PAGES = DOCS / "runbooks"
PAGES_URL = "https://github.com/agent-exporter/agent-exporter/blob/main/docs/runbooks/"


class Rules(unittest.TestCase):
    def test_promtool_takes_the_rules(self):
        run("promtool", "check", "rules", *sorted((ROOT / "deploy/prometheus/rules").glob("*.yml")))

    def test_they_give_what_the_cases_expect(self):
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda file: run("promtool", "test", "rules", file), CASES))

    def test_no_two_rules_have_one_name(self):
        counts = collections.Counter(rule.get("alert") or rule["record"] for rule in rules())
        self.assertEqual([name for name, count in counts.items() if count > 1], [])

    def test_they_name_metrics_that_exist(self):
        known = queryable_metrics()
        for rule in rules():
            with self.subTest(rule.get("alert") or rule["record"]):
                self.assertTrue(metric_names(rule["expr"]))
                self.assertEqual(metric_names(rule["expr"]) - known, set())


class Alerts(unittest.TestCase):
    def test_each_says_what_it_is_and_where_to_read_on(self):
        for name, alert in alerts().items():
            with self.subTest(name):
                self.assertIn(alert["labels"]["severity"], ("critical", "warning"))
                self.assertEqual(set(alert["annotations"]), {"summary", "description", "runbook_url"})
                self.assertEqual(alert["annotations"]["runbook_url"], f"{PAGES_URL}{name}.md")

    def test_descriptions_begin_with_a_capital_with_and_without_what_they_begin_with(self):
        for name, alert in alerts().items():
            with self.subTest(name):
                beginning = r"(\{\{ with \$labels\.\w+ \}\}[A-Z]\w+ \{\{ \. \}\}\. \{\{ end \}\})?[A-Z][a-z]* "
                self.assertRegex(alert["annotations"]["description"], f"^{beginning}")
        written = [check for file in CASES for case in read_yaml(file)["tests"] for check in case.get("alert_rule_test", [])]
        rendered = [each["exp_annotations"]["description"] for check in written for each in check.get("exp_alerts", [])]
        self.assertEqual([text for text in rendered if not re.match(r"(Pod [\w-]+\. |Namespace \w+\. )?[A-Z]", text)], [])

    def test_each_has_a_page_and_each_page_an_alert(self):
        pages = {page.stem for page in PAGES.glob("*.md")} - {"README"}
        self.assertEqual(pages, set(alerts()))

    def test_the_list_of_pages_has_their_severity_and_duration(self):
        page = (PAGES / "README.md").read_text()
        written = re.findall(r"^\| \[(\w+)\]\(\1\.md\) \| (\w+) \| ([^|]+) \|", page, re.M)
        expected = [(name, rule["labels"]["severity"], rule.get("for", "at once")) for name, rule in alerts().items()]
        self.assertEqual(sorted(written), sorted(expected))

    def test_percentages_on_a_page_are_those_of_its_alert(self):
        for name, rule in alerts().items():
            written = re.search(r"(\d+) %", (PAGES / f"{name}.md").read_text().split("## What to look at")[0])
            threshold = re.search(r"> 0(\.\d+)", rule["expr"])
            if written:
                with self.subTest(name):
                    self.assertEqual(int(written[1]), round(float(threshold[1]) * 100))

    def test_numbers_of_sessions_on_a_page_are_those_of_its_alert(self):
        for name in ("AgentConnectionsNearLimit", "AgentConnectionsExhausted"):
            written = re.search(r"more than (\d+)\b", (PAGES / f"{name}.md").read_text())
            rule = alerts()[name]
            self.assertIn(f"app_open_sessions_count > {written[1]} unless app_max_connections", rule["expr"])
            # By this number the text knows that the value is no ratio.
            self.assertIn(f"if gt $value {written[1]}.0", rule["annotations"]["description"])

    def test_each_page_says_what_to_look_at_and_do(self):
        for name in alerts():
            with self.subTest(name):
                lines = (PAGES / f"{name}.md").read_text().splitlines()
                self.assertEqual(lines[0], f"# {name}")
                headings = [line for line in lines if line.startswith("## ")]
                self.assertEqual(headings, ["## What it means", "## What to look at", "## What to do"])

    def test_each_page_begins_what_to_look_at_with_the_page_of_the_exporter_the_hub_or_the_worker(self):
        of_workers = {rule["alert"] for rule in read_rules("pipeline-alerts.yml")}
        for name in alerts():
            program, port = ("hub", 8082) if name.startswith("AgentHub") else ("exporter", 8000)
            if name in of_workers:
                program, port = "worker", 5266
            with self.subTest(name):
                first, code = (PAGES / f"{name}.md").read_text().split("## What to look at\n\n")[1].split("```sh\n")[:2]
                self.assertRegex(first, rf"^The {program}'s page\b[^\n]*\n\n$")
                self.assertEqual(
                    code.split("```")[0],
                    f"kubectl -n $NS port-forward pod/$POD {port} &\ncurl -s localhost:{port}/status.json\n",
                )
                self.assertIn(f"in a browser it is <http://localhost:{port}/>.", code)

    def test_each_has_a_case_that_fires_and_one_that_does_not(self):
        fires, rests = set(), set()
        for file in CASES:
            for case in read_yaml(file)["tests"]:
                expected = collections.defaultdict(bool)
                for check in case.get("alert_rule_test", []):
                    expected[check["alertname"]] |= bool(check.get("exp_alerts"))
                fires |= {name for name, fired in expected.items() if fired}
                rests |= {name for name, fired in expected.items() if not fired}
        self.assertEqual(fires, set(alerts()))
        self.assertEqual(rests, set(alerts()))


if __name__ == "__main__":
    unittest.main()
