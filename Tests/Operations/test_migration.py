"""docs/migration.md names metrics, variables and folders that exist, and calls by name those that do not."""

import re
import unittest

from support import BINARY, DEPLOY, DOCS, exported_metrics, run

# What the agent itself exports, and what public snippets ask for.
FOREIGN = {
    "app_agent_connected",
    "app_completed_tasks_total",
    "app_pending_tasks",
    "app_queue_depth",
    "app_request_duration_seconds_bucket",
    "app_task_duration_seconds",
    "app_task_errors_total",
    "app_version",
}
FOLDERS = {"kubernetes", "helm", "prometheus", "grafana", "aws", "azure", "terraform"}


class Migration(unittest.TestCase):
    def setUp(self):
        self.page = (DOCS / "migration.md").read_text()

    def test_its_metrics_are_exported_or_known_not_to_be(self):
        named = set(re.findall(r"\b(?:app|agent_exporter)_\w+", self.page))
        self.assertEqual(named - set(exported_metrics()), FOREIGN)

    def test_its_variables_and_flags_are_those_of_the_program(self):
        reference = run(BINARY, "--help-markdown")
        for variable in re.findall(r"`([A-Z]+(?:_[A-Z]+)*|--[\w.-]+)[`=]", self.page):
            self.assertRegex(reference, rf"(?<!\w){variable}\b")

    def test_what_it_points_to_is_there(self):
        for path in re.findall(r"`deploy/([\w/-]+)`", self.page):
            folder = path.split("/")[0]
            self.assertIn(folder, FOLDERS)
            if (DEPLOY / folder).exists():
                self.assertTrue((DEPLOY / path).is_dir(), path)


if __name__ == "__main__":
    unittest.main()
