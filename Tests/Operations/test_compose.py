"""The compose stack: valid by the compose specification, with every file that it mounts, and a configuration Prometheus takes."""

import itertools
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
from manifests import CONNECTIONS, documents, environment_of, pod_of
from stack import composed, merged
from support import BINARY, DEPLOY, HUB, WORKER, Process, free_port, rules, run, tool, wait_until
from workers import DemoWorker

FOLDER = DEPLOY / "compose"
TEXT = (FOLDER / "compose.yaml").read_text()
SERVICES = composed(TEXT)["services"]
PORTS = {
    "agent": 8080,
    "metrics-exporter": 8000,
    "webhook": 5000,
    "webhook-exporter": 8001,
    "webhook-2": 5010,
    "webhook-2-exporter": 8002,
    "hub": 8082,
    "prometheus": 9090,
    "cadvisor": 8081,
    "grafana": 3000,
}
EXPORTERS = ["metrics-exporter", "webhook-exporter", "webhook-2-exporter"]
# Who sends to whom, and which of the demo's workers that is.
SHOPS = {"shop": "webhook", "shop-2": "webhook-2"}
WORKERS = {"webhook": "worker-1", "webhook-2": "worker-2"}
# Whose image it is, and which program is in it.
PROGRAMS = {
    **dict.fromkeys(["agent", *EXPORTERS, *SHOPS], BINARY),
    **dict.fromkeys(WORKERS, WORKER),
    "hub": HUB,
}
# Those that want more of the machine than the rest.
PRIVILEGED = {"cadvisor", "grafana"}


def parsed(text):
    """What compose makes of a file, which has to be one."""
    return compose_spec.PyCompose.from_json(json.dumps(composed(text)))


class Compose(unittest.TestCase):
    def test_it_is_a_compose_file(self):
        self.assertEqual(set(parsed(TEXT).service_names()), set(SERVICES))
        with self.assertRaises(ValueError):
            parsed(TEXT.replace("ports:", "prots:", 1))

    def test_ports_are_the_documented_ones_and_on_this_machine_only(self):
        for name, port in PORTS.items():
            address, outside, _ = SERVICES[name]["ports"][0].split(":")
            self.assertEqual((address, int(outside)), ("127.0.0.1", port), name)
            self.assertIn(f"| [{port}](" if name != "agent" else f"| {port} |", (FOLDER / "README.md").read_text())
        self.assertEqual({name for name, service in SERVICES.items() if "ports" in service}, set(PORTS))

    def test_every_service_is_checked_and_waits_for_what_it_reads(self):
        for name, service in SERVICES.items():
            # What listens nowhere is asked nothing; the image's own check would ask in vain.
            listens = name not in SHOPS
            self.assertEqual(("test" in service["healthcheck"], service["healthcheck"].get("disable")), (listens, None if listens else True))
            for other, condition in service.get("depends_on", {}).items():
                self.assertIn(other, SERVICES)
                self.assertEqual(condition, {"condition": "service_healthy"})

    def test_an_exporter_takes_no_more_connections_than_fit_its_memory(self):
        for name in EXPORTERS:
            self.assertEqual(SERVICES[name]["mem_limit"], "64m")
            self.assertEqual(SERVICES[name]["environment"]["WEB_MAX_CONNECTIONS"], CONNECTIONS)

    def test_the_worker_has_what_kubernetes_gives_it(self):
        (container,) = pod_of(documents(run(tool("kubectl"), "kustomize", DEPLOY / "kubernetes/worker")))["spec"]["containers"]
        memory = container["resources"]["limits"]["memory"]
        for worker in (SERVICES[name] for name in WORKERS):
            self.assertEqual(worker["mem_limit"], memory.removesuffix("i").lower(), "what test_limits.py measures holds here, too")
            self.assertEqual(worker["environment"]["WEB_MAX_CONNECTIONS"], environment_of(container)["WEB_MAX_CONNECTIONS"])

    def test_it_is_given_the_time_to_finish_what_it_has_taken(self):
        for worker in (SERVICES[name] for name in WORKERS):
            self.assertGreater(int(worker["stop_grace_period"].removesuffix("s")), int(worker["environment"]["GRACE_PERIOD_SECONDS"]) + 5)

    def test_workers_play_what_those_of_the_demo_do(self):
        """What that is enough for, and too little for, says test_worker_kit.py."""
        variables = dict(re.findall(r"^\| `(--[\w.-]+)\S*` \| `(\w+)`", run(WORKER, "--help-markdown"), re.M))
        for shop, name in SHOPS.items():
            demo = DemoWorker(WORKERS[name])
            said = {key: value for key, value in SERVICES[name]["environment"].items() if key.startswith(("WORK_", "PLAY_"))}
            self.assertEqual(said, {variables[flag]: value for flag, value in (flag.split("=") for flag in demo.flags)})
            _, address, *flags = SERVICES[shop]["command"]
            self.assertEqual(address, f"http://{name}:5000/webhook")
            self.assertIn(f"--rate={demo.rate}", flags)

    def test_all_report_to_the_hub_each_by_its_own_name(self):
        for name in EXPORTERS:
            environment = SERVICES[name]["environment"]
            self.assertEqual((environment["REPORT_URL"], environment["REPORT_NAME"]), ("http://hub:8082", name))
        for name in WORKERS:
            environment = SERVICES[name]["environment"]
            self.assertEqual((environment["NOETL_SERVER_URL"], environment["NOETL_WORKER_ID"]), ("http://hub:8082", name))

    def test_services_are_confined(self):
        for name, service in SERVICES.items():
            if name not in PRIVILEGED:
                found = service["read_only"], service["cap_drop"], service["security_opt"]
                self.assertEqual(found, (True, ["ALL"], ["no-new-privileges:true"]), name)
        for name in [*PROGRAMS, "postgres"]:
            self.assertIn("mem_limit", SERVICES[name], name)
            self.assertRegex(SERVICES[name]["user"], r"^[1-9]\d*:[1-9]\d*$", name)

    def test_each_program_knows_its_variables(self):
        references = {program: run(program, "--help-markdown") for program in set(PROGRAMS.values())}
        for file in (TEXT, (FOLDER / "locked.yaml").read_text()):
            for name, service in composed(file)["services"].items():
                if name in PROGRAMS:
                    for variable in set(service.get("environment", {})) - {"PGPASSWORD"}:
                        self.assertIn(f"`{variable}`", references[PROGRAMS[name]], name)

    def test_workers_and_whoever_sends_to_them_have_one_secret_which_is_documented(self):
        (secret,) = {SERVICES[name]["environment"]["WEBHOOK_SECRET"] for name in [*WORKERS, *SHOPS]}
        self.assertIn(f"http://localhost:5000/webhook {secret} --count 5", (FOLDER / "README.md").read_text())
        self.assertEqual(SERVICES["hub"]["environment"]["PGPASSWORD"], SERVICES["postgres"]["environment"]["POSTGRES_PASSWORD"])

    def test_what_is_mounted_is_there(self):
        for service in SERVICES.values():
            for volume in service.get("volumes", []):
                source = volume.split(":")[0]
                if source.startswith("."):
                    self.assertTrue((FOLDER / source).exists(), source)
                elif not source.startswith("/"):
                    self.assertIn(source, composed(TEXT)["volumes"])

    def test_the_images_are_of_the_version_that_is_built_and_of_stages_that_exist(self):
        build_info = (DEPLOY.parent / "Sources/Service/Process/BuildInfo.swift").read_text()
        version = re.search(r'let version = "(.*)"', build_info)[1]
        for name, program in PROGRAMS.items():
            image = pathlib.Path(program).name
            self.assertEqual(SERVICES[name]["image"], f"{image}:{version}")
        for program in set(PROGRAMS.values()):
            built = [SERVICES[name]["build"] for name in PROGRAMS if PROGRAMS[name] == program and "build" in SERVICES[name]]
            self.assertEqual(len(built), 1, program)
            self.assertEqual(built[0].get("target", "agent-exporter"), pathlib.Path(program).name)
            self.assertIn(f"FROM scratch AS {pathlib.Path(program).name}\n", (DEPLOY.parent / "Dockerfile").read_text())

    def test_prometheus_takes_its_configuration_and_reads_the_services(self):
        with tempfile.TemporaryDirectory() as directory:
            shutil.copytree(DEPLOY / "prometheus/rules", f"{directory}/rules")
            shutil.copy(FOLDER / "prometheus.yml", directory)
            run("promtool", "check", "config", f"{directory}/prometheus.yml")
        configuration = yaml.safe_load((FOLDER / "prometheus.yml").read_text())
        read = {job["job_name"]: job["static_configs"][0]["targets"] for job in configuration["scrape_configs"]}
        exporters = read["agent-exporter"] + read["workers/agent-exporter"]
        self.assertEqual(exporters, [f"{name}:8000" for name in EXPORTERS])
        self.assertEqual(read["webhook"], [f"{name}:5000" for name in WORKERS])
        self.assertEqual(read["dataflow-platform"], [f"{name}:9095" for name in WORKERS])
        for target in itertools.chain(*read.values()):
            self.assertIn(target.split(":")[0], [*SERVICES, "localhost"])

    def test_rules_find_the_jobs_that_they_name(self):
        jobs = {job["job_name"] for job in yaml.safe_load((FOLDER / "prometheus.yml").read_text())["scrape_configs"]}
        patterns = [pattern for rule in rules() for pattern in re.findall(r'\bjob=~?"([^"]+)"', rule["expr"])]
        self.assertGreater(len(patterns), 3)
        for pattern in patterns:
            self.assertTrue([job for job in jobs if re.fullmatch(pattern, job)], pattern)
        named = {name for pattern in patterns for name in re.findall(r"[a-z][a-z-]+", pattern)}
        self.assertLessEqual(named, jobs)

    def test_what_locks_it_is_valid_and_has_its_files_from_secrets(self):
        locked = yaml.safe_load((FOLDER / "locked.yaml").read_text())
        json_text = json.dumps(merged(composed(TEXT), locked))
        self.assertEqual(set(compose_spec.PyCompose.from_json(json_text).service_names()), set(SERVICES))
        for name, service in locked["services"].items():
            self.assertIn(name, SERVICES)
            self.assertLessEqual(set(service["secrets"]), set(locked["secrets"]))
        self.assertLessEqual({*EXPORTERS, *WORKERS, *SHOPS}, set(locked["services"]))
        for name, secret in locked["secrets"].items():
            self.assertEqual(secret, {"file": f"secrets/{name}"})
        self.assertEqual({name for service in locked["services"].values() for name in service["secrets"]}, set(locked["secrets"]))

    def test_a_file_that_a_variable_names_is_among_the_secrets_of_its_service(self):
        for name, service in yaml.safe_load((FOLDER / "locked.yaml").read_text())["services"].items():
            for value in service.get("environment", {}).values():
                if value.startswith("/"):
                    self.assertIn(value.removeprefix("/run/secrets/"), service["secrets"], name)

    def test_nothing_that_is_locked_has_a_secret_in_a_variable(self):
        """Whoever may ask the engine sees variables."""
        locked = merged(composed(TEXT), yaml.safe_load((FOLDER / "locked.yaml").read_text()))
        for service in locked["services"].values():
            for name, value in service.get("environment", {}).items():
                if re.search("SECRET|PASSWORD|POSTGRES_URL", name):
                    self.assertRegex(value, "^$|^/run/secrets/", name)

    def test_prometheus_reads_what_is_locked_as_it_reads_the_rest(self):
        """The one configuration is the other, with what the lock wants."""
        plain, locked = (yaml.safe_load((FOLDER / f"{name}.yml").read_text()) for name in ("prometheus", "prometheus-locked"))
        jobs = [job for job in locked["scrape_configs"] if job["job_name"].endswith("agent-exporter")]
        wanted, same = ({key: job.pop(key) for key in ("scheme", "tls_config", "basic_auth")} for job in jobs)
        self.assertEqual(same, wanted)
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
