"""The compose stack: valid by the compose specification, with every file that it mounts, and a configuration Prometheus takes."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import compose_spec
import yaml

from locks import block, shell
from manifests import CONNECTIONS
from support import BINARY, DEPLOY, Process, free_port, run, wait_until

FOLDER = DEPLOY / "compose"
TEXT = (FOLDER / "compose.yaml").read_text()
SERVICES = yaml.safe_load(TEXT)["services"]
PORTS = {"agent": 8080, "metrics-exporter": 8000, "prometheus": 9090, "cadvisor": 8081, "grafana": 3000}


def parsed(text):
    """With the defaults of variables, and what `<<` merges, in their places: compose does that before it looks at the rest."""
    merged = yaml.safe_load(re.sub(r"\$\{\w+:-(.*?)\}", r"\1", text))
    return compose_spec.PyCompose.from_json(json.dumps(merged))


def merged(first, second):
    """As compose puts one file over another, as far as that matters here."""
    both = isinstance(first, dict) and isinstance(second, dict)
    return {**first, **{key: merged(first.get(key), value) for key, value in second.items()}} if both else second


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

    def test_what_locks_it_is_valid_and_has_its_files_from_secrets(self):
        locked = yaml.safe_load((FOLDER / "locked.yaml").read_text())
        json_text = json.dumps(merged(yaml.safe_load(re.sub(r"\$\{\w+:-(.*?)\}", r"\1", TEXT)), locked))
        self.assertEqual(set(compose_spec.PyCompose.from_json(json_text).service_names()), set(SERVICES))
        for name, service in locked["services"].items():
            self.assertIn(name, SERVICES)
            self.assertLessEqual(set(service["secrets"]), set(locked["secrets"]))
        for name, secret in locked["secrets"].items():
            self.assertEqual(secret, {"file": f"secrets/{name}"})

    def test_prometheus_reads_what_is_locked_as_it_reads_the_rest(self):
        """The one configuration is the other, with what the lock wants."""
        plain, locked = (yaml.safe_load((FOLDER / f"{name}.yml").read_text()) for name in ("prometheus", "prometheus-locked"))
        job = locked["scrape_configs"][0]
        wanted = {key: job.pop(key) for key in ("scheme", "tls_config", "basic_auth")}
        self.assertEqual(locked, plain)
        secrets = yaml.safe_load((FOLDER / "locked.yaml").read_text())["services"]["prometheus"]["secrets"]
        named = wanted["tls_config"]["ca_file"], wanted["basic_auth"]["password_file"]
        self.assertEqual({f"/run/secrets/{name}" for name in secrets}, set(named))

    def test_the_secrets_of_the_readme_lock_it_and_the_health_check_gets_in(self):
        with tempfile.TemporaryDirectory() as directory:
            shell(block("secrets", FOLDER / "README.md"), directory)
            folder = pathlib.Path(directory, "secrets")
            for name in yaml.safe_load((FOLDER / "locked.yaml").read_text())["secrets"]:
                self.assertTrue((folder / name).exists(), name)
            port = free_port()
            surroundings = {"WEB_CONFIG_FILE": str(folder / "web-config.yml"), "PORT": str(port)}
            asked = ["curl", "-s", "--cacert", str(folder / "ca.crt"), f"https://localhost:{port}/metrics"]
            login = ["-u", "prometheus:" + (folder / "password").read_text()]
            with Process("env", *(f"{name}={value}" for name, value in surroundings.items()), BINARY, "demo") as demo:
                check = lambda: subprocess.run([BINARY, "healthcheck"], env=os.environ | surroundings, capture_output=True)
                wait_until(lambda: check().returncode == 0, what="it is healthy")
                self.assertIn("\napp_agent_status ", run(*asked, *login))
                self.assertNotIn("app_agent_status", run(*asked))
                demo.process.kill()

    def test_grafana_asks_prometheus(self):
        (source,) = yaml.safe_load((FOLDER / "grafana/datasource.yml").read_text())["datasources"]
        self.assertEqual(source["url"], f"http://prometheus:{SERVICES['prometheus']['ports'][0].split(':')[-1]}")


if __name__ == "__main__":
    unittest.main()
