"""Flags, variables and metrics that the documentation names are those of the binary and of the rules."""

import re
import unittest

from support import (
    BINARY,
    documented_queries,
    exported_metrics,
    mentions,
    metric_names,
    queryable_metrics,
    run,
)

# What the agent's own endpoint calls its metrics, and an example of --agent.gauge.
OTHERS = {"app_version", "app_agent_connected", "app_queue_size"}


class Names(unittest.TestCase):
    def assertAllKnown(self, names, known):
        self.assertTrue(names)
        self.assertEqual([(page, name) for page, name in names if name not in known], [])

    def test_flags_and_variables_exist(self):
        reference = run(BINARY, "--help-markdown")
        flags = set(re.findall(r"--(?:\[no-\])?([a-z]+\.[a-z-]+)", reference))
        variables = set(re.findall(r"[A-Z]+_[A-Z_]+", reference))
        self.assertAllKnown(mentions(r"--(?:no-)?((?:agent|web|log|simulate)\.[a-z-]+)"), flags)
        self.assertAllKnown(mentions(r"\b((?:AGENT|WEB|LOG)_[A-Z_]+[A-Z])\b"), variables)

    def test_metrics_exist(self):
        known = queryable_metrics() | set(exported_metrics()) | OTHERS
        names = mentions(r"`((?:app|agent_exporter|process)_\w+)[`{]")
        # The page on migration also says what nobody exports.
        self.assertAllKnown([(page, name) for page, name in names if page != "docs/migration.md"], known)

    def test_queries_name_metrics_that_exist(self):
        known = queryable_metrics()
        for page, query in documented_queries():
            with self.subTest(page, query=query):
                self.assertEqual(metric_names(query) - known, set())


if __name__ == "__main__":
    unittest.main()
