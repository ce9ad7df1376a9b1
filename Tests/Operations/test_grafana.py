"""The shape of dashboards and provisioning files. That their queries find data is tested in test_live.py.

There is no Grafana in Debian or on PyPI, so nothing here has been drawn. But Grafana's makers publish models of what a
dashboard may hold, of version 11.6.
"""

import collections
import itertools
import json
import re
import unittest

from grafana_foundation_sdk.cog import encoder, plugins
from grafana_foundation_sdk.models import dashboard as model
from grafana_foundation_sdk.models import units
from support import (
    CHOICES,
    DEPLOY,
    HUB_CHOICES,
    PIPELINE_CHOICES,
    choices_of,
    dashboards,
    data_panels,
    expressions,
    is_of_agents,
    is_of_hub,
    is_of_pipelines,
    metric_names,
    queryable_metrics,
    read_yaml,
)

DATA_SOURCE = {"type": "prometheus", "uid": "${datasource}"}
# Panels that Grafana still develops: graph, singlestat, table-old, worldmap and the like are not among them.
PANELS = {"stat", "gauge", "timeseries", "state-timeline", "table"}
UNITS = {value for value in vars(units).values() if isinstance(value, str)}


class Dashboards(unittest.TestCase):
    def each_panel(self):
        for dashboard in dashboards():
            for panel in data_panels(dashboard):
                with self.subTest(f"{dashboard['title']}: {panel['title']}"):
                    yield panel

    def test_grafana_knows_every_key(self):
        """What the models do not know is gone when they have read it and written it again."""
        plugins.register_default_plugins()
        for dashboard in dashboards():
            with self.subTest(dashboard["title"]):
                read = model.Dashboard.from_json(json.loads(json.dumps(dashboard)))
                self.assertEqual(list(lost(dashboard, json.loads(encoder.JSONEncoder().encode(read)))), [])

    def test_they_can_be_told_apart_and_found(self):
        self.assertEqual(len(dashboards()), 5)
        for key in ("uid", "title", "description"):
            self.assertEqual(len({dashboard[key] for dashboard in dashboards()}), 5, key)
        for dashboard in dashboards():
            self.assertRegex(dashboard["uid"], r"^[a-z-]{1,40}$")
            self.assertEqual(dashboard["tags"], ["agent-exporter"])
            self.assertNotIn("id", dashboard)

    def test_they_choose_data_source_cluster_namespace_job_and_what_is_below_it(self):
        for dashboard in dashboards():
            source, *choices = dashboard["templating"]["list"]
            self.assertEqual(
                (source["name"], source["type"], source["query"]), ("datasource", "datasource", "prometheus")
            )
            self.assertEqual(tuple(choice["name"] for choice in choices), choices_of(dashboard))
            for choice in choices:
                self.assertEqual((choice["includeAll"], choice["multi"], choice["allValue"]), (True, True, ".*"))
                self.assertEqual(choice["datasource"], DATA_SOURCE)

    def test_numbers_of_panels_are_unique(self):
        for dashboard in dashboards():
            counts = collections.Counter(panel["id"] for panel in dashboard["panels"])
            self.assertEqual([number for number, count in counts.items() if count > 1], [])

    def test_panels_do_not_overlap(self):
        for dashboard in dashboards():
            for panel in dashboard["panels"]:
                place = panel["gridPos"]
                self.assertTrue(place["x"] >= 0 and place["x"] + place["w"] <= 24, panel["title"])
            for one, other in itertools.combinations(dashboard["panels"], 2):
                self.assertFalse(overlap(one["gridPos"], other["gridPos"]), f"{one['title']} / {other['title']}")

    def test_panels_say_what_they_show(self):
        for panel in self.each_panel():
            self.assertIn(panel["type"], PANELS)
            self.assertRegex(panel["description"], r"^[A-Z].{20,}\.$")
            self.assertIn(panel["fieldConfig"]["defaults"]["unit"], UNITS)

    def test_numbers_have_thresholds(self):
        for panel in self.each_panel():
            steps = panel["fieldConfig"]["defaults"]["thresholds"]["steps"]
            values = [step["value"] for step in steps[1:]]
            self.assertIsNone(steps[0]["value"])
            self.assertEqual(values, sorted(values))

    def test_every_query_goes_to_the_chosen_data_source(self):
        for panel in self.each_panel():
            self.assertEqual(panel["datasource"], DATA_SOURCE)
            self.assertEqual(
                [target["datasource"] for target in panel["targets"]], [DATA_SOURCE] * len(panel["targets"])
            )
            letters = [target["refId"] for target in panel["targets"]]
            self.assertEqual(letters, sorted(set(letters)))


class Queries(unittest.TestCase):
    def test_they_name_metrics_that_exist(self):
        known = queryable_metrics()
        for name, expression in expressions():
            with self.subTest(name):
                # Those of components' own names select by them.
                self.assertTrue(metric_names(expression) or '{__name__=~"$metric"' in expression)
                self.assertEqual(metric_names(expression) - known, set())

    def test_each_selector_obeys_the_choices(self):
        for name, expression in expressions(is_of_agents):
            for metric, labels in re.findall(
                r"\b((?:app|agent_exporter|process)_\w+|up|scrape_\w+)\b(\{[^}]*\})?", expression
            ):
                with self.subTest(name, metric=metric):
                    for choice in CHOICES:
                        self.assertIn(f'{choice}=~"${choice}"', labels)
            for labels in re.findall(r"\bcontainer_\w+(\{[^}]*\})", expression):
                for choice in ("cluster", "namespace", "pod"):
                    self.assertIn(f'{choice}=~"${choice}"', labels)

    def test_each_selector_of_the_hubs_obeys_its_choices(self):
        for name, expression in expressions(is_of_hub):
            for metric, labels in re.findall(r"(?<![|\w(])(noetl_\w+|agent_hub_\w+|up|)(\{[^}]*\})", expression):
                reported = not metric or metric.startswith(("noetl_", "agent_hub_last_"))
                with self.subTest(name, metric=metric):
                    for choice in HUB_CHOICES[:5] if reported else HUB_CHOICES[:3]:
                        self.assertIn(f'{choice}=~"${choice}"', labels)

    def test_each_selector_of_the_pipelines_obeys_its_choices(self):
        for name, expression in expressions(is_of_pipelines):
            for metric, labels in re.findall(r"\b([a-z]\w*(?::\w+)*)(\{[^}]*\})", expression):
                # Only what is said of each pipeline can be narrowed by one.
                of_each = metric.startswith(("dataflow_", "pipeline:")) and not re.search("_pipelines_|_overflowed_", metric)
                with self.subTest(name, metric=metric):
                    for choice in PIPELINE_CHOICES if of_each else PIPELINE_CHOICES[:4]:
                        self.assertIn(f'{choice}=~"${choice}"', labels)
            # None without a selector.
            self.assertEqual(len(metric_uses(expression)), len(re.findall(r"\{", expression)), name)

    def test_rates_are_as_wide_as_the_scrapes_need(self):
        for name, expression in expressions():
            with self.subTest(name):
                windows = re.findall(r"\b(?:rate|increase)\([^[]*\[([^]]*)\]", expression)
                self.assertEqual(set(windows) - {"$__rate_interval"}, set())


class Provisioning(unittest.TestCase):
    def test_the_data_source_is_a_prometheus(self):
        (source,) = read_yaml(DEPLOY / "grafana/provisioning/datasources/prometheus.yml")["datasources"]
        self.assertEqual((source["type"], source["access"]), ("prometheus", "proxy"))
        interval = read_yaml(DEPLOY / "prometheus/prometheus.yml")["global"]["scrape_interval"]
        self.assertEqual(source["jsonData"]["timeInterval"], interval)

    def test_the_provider_loads_files(self):
        (provider,) = read_yaml(DEPLOY / "grafana/provisioning/dashboards/agent-exporter.yml")["providers"]
        self.assertEqual(provider["type"], "file")
        self.assertTrue(provider["options"]["path"].startswith("/"))


def metric_uses(expression):
    """Each place where an expression of pipelines names a metric."""
    names = r"\b(?:dataflow|app|jvm|process|webhook|pipeline_worker|pipeline:)\w*(?::\w+)*(?![\w(])"
    return re.findall(names, re.sub(r'"[^"]*"', "", expression))


def lost(written, read, path=""):
    """The paths at which one value differs from another. What the other has besides is of no matter."""
    if isinstance(written, dict) and isinstance(read, dict):
        for key, value in written.items():
            yield from lost(value, read.get(key), f"{path}.{key}")
    elif isinstance(written, list) and isinstance(read, list) and len(written) == len(read):
        for number, (one, other) in enumerate(zip(written, read)):
            yield from lost(one, other, f"{path}[{number}]")
    elif written != read:
        yield path


def overlap(one, other):
    return (
        one["x"] < other["x"] + other["w"]
        and other["x"] < one["x"] + one["w"]
        and one["y"] < other["y"] + other["h"]
        and other["y"] < one["y"] + one["h"]
    )


if __name__ == "__main__":
    unittest.main()
