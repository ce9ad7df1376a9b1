"""deploy/terraform is HCL, uses what the Grafana provider documents, and takes the alerts over without loss."""

import json
import re
import unittest

import hcl2
import yaml
from support import DEPLOY

MODULE = DEPLOY / "terraform"
RULES = sorted((DEPLOY / "prometheus/rules").glob("*.yml"))
# Arguments and blocks of the provider's resources, from its documentation; a block is a dictionary.
DATA = {
    "ref_id": None,
    "datasource_uid": None,
    "query_type": None,
    "model": None,
    "relative_time_range": {"from": None, "to": None},
}
RULE = {
    **dict.fromkeys(("name", "for", "condition", "labels", "annotations", "no_data_state", "exec_err_state")),
    **dict.fromkeys(("is_paused", "keep_firing_for", "uid", "missing_series_evals_to_resolve")),
    "data": DATA,
}
RESOURCES = {
    "grafana_folder": dict.fromkeys(("title", "uid", "org_id", "parent_folder_uid", "prevent_destroy_if_not_empty")),
    "grafana_dashboard": dict.fromkeys(("config_json", "folder", "message", "org_id", "overwrite")),
    "grafana_rule_group": {
        **dict.fromkeys(("name", "folder_uid", "interval_seconds", "org_id", "disable_provenance")),
        "rule": RULE,
    },
}
META_ARGUMENTS = {"for_each", "dynamic", "__is_block__", "__comments__"}


def plain(value):
    """What the parser read, without the quotes that it keeps around names and texts."""
    if isinstance(value, dict):
        return {plain(name): plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value[1:-1] if isinstance(value, str) and re.fullmatch(r'"[^"]*"', value) else value


def module():
    """The module's blocks by their kind."""
    blocks = {}
    for file in sorted(MODULE.glob("*.tf")):
        for kind, found in hcl2.loads(file.read_text()).items():
            if isinstance(found, list):
                blocks.setdefault(kind, []).extend(plain(found))
    return blocks


def named(blocks):
    """Blocks with one label, by it."""
    return {name: body for block in blocks for name, body in block.items() if not name.startswith("__")}


def resources():
    return {kind: named([body])["this"] for kind, body in named(module()["resource"]).items()}


def unknown_arguments(block, known, path):
    for name, value in block.items():
        if name == "dynamic":
            for dynamic in value:
                for label, body in named([dynamic]).items():
                    yield from unknown_arguments({label: body["content"]}, known, path)
        elif name in META_ARGUMENTS:
            continue
        elif name not in known:
            yield f"{path}.{name}"
        elif known[name]:
            for each in value:
                yield from unknown_arguments(each, known[name], f"{path}.{name}")


class Module(unittest.TestCase):
    def test_the_provider_knows_every_argument(self):
        found = resources()
        self.assertEqual(set(found), set(RESOURCES))
        for kind, block in found.items():
            self.assertEqual(list(unknown_arguments(block, RESOURCES[kind], kind)), [])
        (settings,) = module()["terraform"]
        self.assertEqual(settings["required_providers"][0]["grafana"]["source"], "grafana/grafana")

    def test_it_reads_the_folders_of_this_repository(self):
        paths = re.findall(r'\$\{path\.module\}/([^"$]+?)/?["$]', (MODULE / "main.tf").read_text())
        folders = {(MODULE / path).resolve() for path in paths}
        self.assertEqual(folders, {DEPLOY / "grafana/dashboards", DEPLOY / "prometheus/rules"})

    def test_every_variable_and_local_value_is_declared_and_used(self):
        text = "".join(file.read_text() for file in MODULE.glob("*.tf"))
        self.assertEqual(set(re.findall(r"\bvar\.(\w+)", text)), set(named(module()["variable"])))
        (values,) = module()["locals"]
        declared = {name for name in values if not name.startswith("__")}
        self.assertEqual(set(re.findall(r"\blocal\.(\w+)", text)), declared)

    def test_the_readme_has_every_variable(self):
        documented = re.findall(r"^\| `(\w+)`", (MODULE / "README.md").read_text(), re.M)
        self.assertEqual(documented, list(named(module()["variable"])))


class Alerts(unittest.TestCase):
    def setUp(self):
        (dynamic,) = resources()["grafana_rule_group"]["dynamic"]
        (self.rule,) = dynamic["rule"]["content"]

    def test_the_condition_fires_for_every_series_whatever_its_value(self):
        queries = {query["ref_id"]: query for query in self.rule["data"]}
        self.assertEqual(self.rule["condition"], "B")
        self.assertEqual(queries["A"]["datasource_uid"], "${var.datasource_uid}")
        self.assertIn("expr = rule.value.expr, instant = true, range = false", queries["A"]["model"])
        self.assertEqual(queries["B"]["datasource_uid"], "__expr__")
        self.assertIn('"is_number($A) || is_nan($A) || is_inf($A)"', queries["B"]["model"])

    def test_no_series_is_no_alert(self):
        self.assertEqual((self.rule["no_data_state"], self.rule["exec_err_state"]), ("OK", "Error"))

    def test_the_rules_have_nothing_that_would_be_lost(self):
        names = []
        for file in RULES:
            for group in yaml.safe_load(file.read_text())["groups"]:
                self.assertLessEqual(set(group), {"name", "rules", "interval"})
                self.assertEqual(group.get("interval", "1m"), "1m", "the interval is 60 s in Grafana")
                for rule in group["rules"]:
                    if "alert" in rule:
                        names.append(rule["alert"])
                        self.assertLessEqual(set(rule), {"alert", "expr", "for", "labels", "annotations"})
                        # Functions and variables of templates that Grafana has not.
                        text = json.dumps(rule.get("annotations", {}))
                        self.assertNotRegex(text, r"\{\{[^}]*(\bquery\b|\$external|\bargs\b|\btmpl\b)")
        self.assertEqual(len(names), len(set(names)), "a title occurs once in a folder of Grafana")


if __name__ == "__main__":
    unittest.main()
