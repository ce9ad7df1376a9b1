"""The compose stack: valid by the compose specification, with every file that it mounts, and a configuration Prometheus takes."""

import json
import re
import shutil
import tempfile
import unittest

import compose_spec
import yaml

from manifests import CONNECTIONS
from support import DEPLOY, run

FOLDER = DEPLOY / "compose"
TEXT = (FOLDER / "compose.yaml").read_text()
SERVICES = yaml.safe_load(TEXT)["services"]
PORTS = {"agent": 8080, "metrics-exporter": 8000, "prometheus": 9090, "cadvisor": 8081, "grafana": 3000}


def parsed(text):
    """With the defaults of variables, and what `<<` merges, in their places: compose does that before it looks at the rest."""
    merged = yaml.safe_load(re.sub(r"\$\{\w+:-(.*?)\}", r"\1", text))
    return compose_spec.PyCompose.from_json(json.dumps(merged))


class Compose(unittest.TestCase):
    def test_it_is_a_compose_file(self):
        self.assertEqual(set(parsed(TEXT).service_names()), set(SERVICES))
        with self.assertRaises(ValueError):
            parsed(TEXT.replace("ports:", "prots:", 1))

    def test_ports_are_the_documented_ones_and_on_this_machine_only(self):
        for name, port in PORTS.items():
            address, outside, _ = SERVICES[name]["ports"][0].split(":")
            self.assertEqual((address, int(outside)), ("127.0.0.1", port), name)
            self.assertIn(str(port), (FOLDER / "README.md").read_text())

    def test_every_service_is_checked_and_waits_for_what_it_reads(self):
        for name, service in SERVICES.items():
            self.assertIn("test", service["healthcheck"], name)
            for other, condition in service.get("depends_on", {}).items():
                self.assertIn(other, SERVICES)
                self.assertEqual(condition, {"condition": "service_healthy"})

    def test_the_exporter_takes_no_more_connections_than_fit_its_memory(self):
        exporter = SERVICES["metrics-exporter"]
        self.assertEqual(exporter["mem_limit"], "64m")
        self.assertEqual(exporter["environment"]["WEB_MAX_CONNECTIONS"], CONNECTIONS)

    def test_what_is_mounted_is_there(self):
        for service in SERVICES.values():
            for volume in service.get("volumes", []):
                source = volume.split(":")[0]
                if source.startswith("."):
                    self.assertTrue((FOLDER / source).exists(), source)

    def test_the_image_is_the_version_that_is_built(self):
        build_info = (DEPLOY.parent / "Sources/Service/Process/BuildInfo.swift").read_text()
        version = re.search(r'let version = "(.*)"', build_info)[1]
        self.assertIn(f"agent-exporter:{version}}}", TEXT)

    def test_prometheus_takes_its_configuration_and_reads_the_services(self):
        with tempfile.TemporaryDirectory() as directory:
            shutil.copytree(DEPLOY / "prometheus/rules", f"{directory}/rules")
            shutil.copy(FOLDER / "prometheus.yml", directory)
            run("promtool", "check", "config", f"{directory}/prometheus.yml")
        configuration = yaml.safe_load((FOLDER / "prometheus.yml").read_text())
        for job in configuration["scrape_configs"]:
            host = job["static_configs"][0]["targets"][0].split(":")[0]
            self.assertIn(host, [*SERVICES, "localhost"])

    def test_grafana_asks_prometheus(self):
        (source,) = yaml.safe_load((FOLDER / "grafana/datasource.yml").read_text())["datasources"]
        self.assertEqual(source["url"], f"http://prometheus:{SERVICES['prometheus']['ports'][0].split(':')[-1]}")


if __name__ == "__main__":
    unittest.main()
