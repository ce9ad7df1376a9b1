"""The compose stack without containers: what is ours of it as processes, with the commands and variables of its files, beside a
PostgreSQL and a Prometheus of this machine."""

import contextlib
import os
import pathlib
import re
import subprocess
import tempfile

import yaml
from support import BINARY, DEPLOY, HUB, ROOT, WORKER, Process, Prometheus, free_port, get, impatient_rules, wait_until

FOLDER = DEPLOY / "compose"
PROGRAMS = {"agent-exporter": BINARY, "agent-hub": HUB, "pipeline-worker": WORKER}
OF_WORKER = {
    "WEB_LISTEN_ADDRESS": 5000,
    "METRICS_LISTEN_ADDRESS": 9095,
    "STATUS_LISTEN_ADDRESS": 5266,
    "ACTUATOR_LISTEN_ADDRESS": 8080,
}
# What each listens by, with the port that it has in its container.
LISTENS = {
    "agent": {"SIMULATE_LISTEN_ADDRESS": 8080},
    "metrics-exporter": {"WEB_LISTEN_ADDRESS": 8000},
    "webhook-exporter": {"WEB_LISTEN_ADDRESS": 8000},
    "webhook-2-exporter": {"WEB_LISTEN_ADDRESS": 8000},
    "webhook": OF_WORKER,
    "webhook-2": OF_WORKER,
    "hub": {"WEB_LISTEN_ADDRESS": 8082},
    "shop": {},
    "shop-2": {},
}


def composed(text):
    """A compose file with the defaults of variables, and what `<<` merges, in their places: compose does that before it looks at
    the rest."""
    return yaml.safe_load(re.sub(r"\$\{\w+:-(.*?)\}", r"\1", text))


def merged(first, second):
    """As compose puts one file over another, as far as that matters here."""
    both = isinstance(first, dict) and isinstance(second, dict)
    return {**first, **{key: merged(first.get(key), value) for key, value in second.items()}} if both else second


class Stack(contextlib.ExitStack):
    """The stack, started when this is entered. `secrets` is the folder of locked.yaml, which then counts, too."""

    def __init__(self, secrets=None):
        super().__init__()
        files = ["compose.yaml"] + (["locked.yaml"] if secrets else [])
        whole = {}
        for file in files:
            whole = merged(whole, composed((FOLDER / file).read_text()))
        self.services = whole["services"]
        self.secrets = secrets
        self.configuration = (FOLDER / f"prometheus{'-locked' if secrets else ''}.yml").read_text()
        self.ports = {f"{name}:{port}": free_port() for name, ports in LISTENS.items() for port in ports.values()}
        self.processes = {}

    def __enter__(self):
        super().__enter__()
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def start(self):
        self.data = self.enter_context(tempfile.TemporaryDirectory())
        self.database = self.start_database()
        if self.secrets:
            url = self.secrets / "postgres-url"
            url.write_text(self.here(url.read_text()))
        for name in LISTENS:
            self.processes[name] = self.enter_context(Process(*self.command(name)))
            # Told to end, it would finish what it has.
            self.callback(self.processes[name].process.kill)
        jobs = yaml.safe_load(self.here(self.configuration))["scrape_configs"]
        # Nothing is in the place of containers.
        jobs = [job for job in jobs if job["job_name"] != "cadvisor"]
        self.prometheus = Prometheus(
            {
                "global": {"scrape_interval": "500ms", "scrape_timeout": "500ms", "evaluation_interval": "500ms"},
                "rule_files": [impatient_rules(self.enter_context(tempfile.TemporaryDirectory()))],
                "scrape_configs": [job for job in jobs if job["job_name"] != "prometheus"],
            }
        )
        self.enter_context(self.prometheus)

    def start_database(self):
        """A server with the user and the database that the image would make."""
        wanted = self.services["postgres"]["environment"]
        password = wanted["POSTGRES_PASSWORD"] or self.read(wanted["POSTGRES_PASSWORD_FILE"])
        made = subprocess.run(
            [ROOT / "Tests/postgres", "start", str(os.getpid())],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=90,
            env=os.environ | {"TEST_POSTGRES_PASSWORD": password},
        )
        directory, port = made.stdout.split()
        self.callback(subprocess.run, [ROOT / "Tests/postgres", "stop", directory, "immediate"], check=False)
        self.ports["postgres:5432"] = int(port)
        self.login = {"PGHOST": "127.0.0.1", "PGPORT": port, "PGUSER": "tester", "PGPASSWORD": password}
        user, database = wanted["POSTGRES_USER"], wanted["POSTGRES_DB"]
        self.ask_database(f"CREATE ROLE {user} SUPERUSER LOGIN PASSWORD '{password}'", "postgres")
        self.ask_database(f"CREATE DATABASE {database} OWNER {user}", "postgres")
        return database

    def ask_database(self, statement, database=None):
        command = ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", f"--dbname={database or self.database}", "-c", statement]
        done = subprocess.run(command, capture_output=True, text=True, env=os.environ | self.login)
        return done.stdout.strip() if done.returncode == 0 else None

    def here(self, text, service=None):
        """What a file says, with the addresses and the folders of this run."""
        if self.secrets:
            text = text.replace("/run/secrets/", f"{self.secrets}/")

        def place(match):
            name = service if match[1] == "localhost" else match[1]
            port = self.ports.get(f"{name}:{match[2]}")
            host = "127.0.0.1" if name == "postgres" else "localhost"
            return f"{host}:{port}" if port else match[0]

        return re.sub(r"\b([a-z][a-z0-9-]*):(\d+)\b", place, text)

    def get(self, place, path):
        """What stands at a service's port, such as hub:8082."""
        return get(f"http://localhost:{self.ports[place]}{path}").decode()

    def read(self, path):
        return pathlib.Path(self.here(path)).read_text()

    def program(self, name):
        return PROGRAMS[self.services[name]["image"].split(":")[0]]

    def environment(self, name):
        said = {key: self.here(str(value)) for key, value in self.services[name].get("environment", {}).items()}
        # The images say where, and containers that it is everywhere.
        places = {variable: f"localhost:{self.ports[f'{name}:{port}']}" for variable, port in LISTENS[name].items()}
        return said | places | ({"STORE": f"sqlite:{self.data}/agent-hub.db"} if name == "hub" else {})

    def command(self, name):
        """`env` with nothing of ours: what a container has is what its files say."""
        variables = [f"{key}={value}" for key, value in self.environment(name).items()]
        return ["env", "-i", *variables, self.program(name), *map(self.here, self.services[name].get("command", []))]

    def is_healthy(self, name):
        """By the check that the file has for a service."""
        _, program, *arguments = self.services[name]["healthcheck"]["test"]
        if name == "postgres":
            # It is given the port, which the image has by itself.
            return subprocess.run([program, *arguments], env=os.environ | {"PGPORT": self.login["PGPORT"]}).returncode == 0
        assert program == f"/{pathlib.Path(self.program(name)).name}"
        environment = self.environment(name)
        command = [self.program(name), *(self.here(argument, name) for argument in arguments)]
        return subprocess.run(command, env=environment, capture_output=True).returncode == 0

    def wait_for(self, query, seconds=30):
        """The labels and the value of each series, once there are any."""

        def ask():
            data = self.prometheus.ask("query", query=query)
            return data and [(each["metric"], float(each["value"][1])) for each in data["result"]]

        try:
            return wait_until(ask, seconds, query)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.ended()}") from None

    def ended(self):
        return "\n".join(
            f"{name} has ended:\n{process.output}" for name, process in self.processes.items() if process.process.poll() is not None
        )
