"""Who reports to a hub from a program: the sidecar, simulated workers and the check, with and without locks, and while it is away."""

import http.client
import json
import pathlib
import signal
import ssl
import subprocess
import tempfile
import time
import unittest

from certificates import Certificates
from hubs import HUB, Hub, exported, report, sample
from locked import TOKENS, WebFile, bearer, shows, token
from support import Exporter, Program, SimulatedAgent, free_port, run, surroundings, wait_until


def hub_run(*arguments, environment=None):
    clean = surroundings() | (environment or {})
    return subprocess.run([HUB, *arguments], capture_output=True, text=True, timeout=60, env=clean)


class Sidecar(unittest.TestCase):
    def test_its_agent_is_seen_in_the_hub_and_a_hub_that_is_away_is_missed_by_nobody(self):
        port = free_port()
        with tempfile.TemporaryDirectory() as directory, SimulatedAgent("--simulate.tasks=7") as agent, Exporter(
            agent.url, f"--report.url=http://127.0.0.1:{port}/api", "--report.interval=200ms", "--report.name=pod-1",
            "--report.instance=i",
        ) as exporter:
            exporter.wait_for("app_agent_up", "1")
            wait_until(lambda: float(exporter.samples['agent_exporter_report_failures_total{reason="connection"}']) > 1)
            path = f"{directory}/h.db"
            line = 'app_active_task_count{component="pod-1",component_type="agent",instance="i"}'
            with Hub(f"--store=sqlite:{path}", port=port) as hub:
                hub.wait_for(line, "7", 20)
                wait_until(lambda: exporter.samples["agent_exporter_reports_waiting"] in "01", 20)
                began = time.monotonic()
                exporter.get()
                self.assertLess(time.monotonic() - began, 0.1)
            # Readings that were made before there was a hub have arrived, and each once.
            moments = [line["metrics"][0]["timestamp"] for line in exported(path) if line["metrics"]]
            self.assertEqual(len(moments), len(set(moments)))
            self.assertGreater(max(moments) - min(moments), 0.4)
            exporter.signal(signal.SIGINT)
            self.assertEqual(exporter.wait(), 0, exporter.log)

    def test_flags_that_are_wrong(self):
        for flag in ("--report.url=ftp://x", "--report.interval=1ms", "--report.name=", "--report.tls-cert-file=/c"):
            self.assertEqual(run("serve", flag).returncode, 2, flag)


class Locks(unittest.TestCase):
    def test_tokens_by_component_over_tls(self):
        with Certificates() as pki, WebFile(
            tls_server_config=shows(pki.server),
            bearer_tokens=[
                token("read"), token("write") | {"components": ["worker-*", "agent-hub-check", "noetl-server"]},
                token("admin"),
            ],
        ) as web, Hub(f"--web.config.file={web.path}", "--web.enable-lifecycle", ready=False) as hub:
            wait_until(hub.is_listening)
            context = ssl.create_default_context(cafile=pki.authority.certificate)

            def ask(method, path, who=None, body=None):
                connection = http.client.HTTPSConnection("localhost", hub.port, timeout=10, context=context)
                connection.request(method, path, body, {"Authorization": bearer(TOKENS[who])} if who else {})
                answer = connection.getresponse()
                answer.read()
                connection.close()
                return answer.status

            body = json.dumps(report(name="worker-1"))
            self.assertEqual(ask("POST", "/api/metrics/report", None, body), 401)
            self.assertEqual(ask("POST", "/api/metrics/report", "read", body), 403)
            self.assertEqual(ask("POST", "/api/metrics/report", "write", body), 200)
            self.assertEqual(ask("POST", "/api/metrics/report", "write", json.dumps(report(name="other"))), 403)
            self.assertEqual(ask("POST", "/api/worker/pool/register", "write", '{"name":"other"}'), 403)
            self.assertEqual(ask("POST", "/api/metrics/self-report?component_name=other", "write"), 403)
            self.assertEqual(ask("GET", "/api/metrics/query", "read"), 200)
            self.assertEqual(ask("GET", "/api/metrics/query", "write"), 403)
            self.assertEqual(ask("POST", "/-/reload", "write"), 403)
            self.assertEqual(ask("POST", "/-/reload", "admin"), 200)
            url = f"https://localhost:{hub.port}"
            check = hub_run("check", url, "--timeout=1s", f"--hub.tls-ca-file={pki.authority.certificate}")
            self.assertEqual(check.returncode, 1)
            self.assertIn("401", check.stdout)
            with tempfile.NamedTemporaryFile("w") as secret:
                secret.write(TOKENS["write"])
                secret.flush()
                workers = [
                    "simulate-workers", "--count=3", "--interval=200ms", "--pool=worker", f"--hub.url={url}",
                    f"--hub.tls-ca-file={pki.authority.certificate}", f"--hub.bearer-token-file={secret.name}",
                ]
                with Program(*workers, binary=HUB) as simulation:
                    wait_until(lambda: ask("GET", "/api/metrics/prometheus?component_name=worker-03", "read") == 200)
                    time.sleep(0.6)
                    self.assertNotIn("level=error", simulation.log)
            self.assertNotIn(TOKENS["write"], hub.log)


class Commands(unittest.TestCase):
    def test_the_check_of_a_hub_that_works_and_of_one_that_is_not_there(self):
        with Hub() as hub:
            check = hub_run("check", f"http://127.0.0.1:{hub.port}/api")
            self.assertEqual(check.returncode, 0, check.stdout)
            self.assertEqual([line.split()[0] for line in check.stdout.splitlines()], ["ok"] * 4)
        self.assertEqual(hub_run("check", "http://127.0.0.1:1", "--timeout=1s").returncode, 1)
        self.assertEqual(hub_run("check").returncode, 2)

    def test_a_demo_shows_two_workers(self):
        with tempfile.TemporaryDirectory() as directory:
            with Hub("demo", "--simulate.interval=200ms", f"--store=sqlite:{directory}/h.db") as hub:
                wait_until(lambda: hub.samples.get("agent_hub_components") == "2", 10)
                self.assertTrue(any(name.startswith("noetl_worker_active_tasks{") for name in hub.samples))

    def test_a_hundred_workers(self):
        with Hub() as hub, Program("simulate-workers", "--count=100", "--interval=1s",
                                   f"--hub.url=http://127.0.0.1:{hub.port}", binary=HUB):
            wait_until(lambda: hub.samples.get("agent_hub_components") == "100", 15)
            self.assertEqual(hub.samples['agent_hub_reports_total{result="rejected"}'], "0")

    def test_healthcheck_and_what_is_printed(self):
        with Hub() as hub:
            self.assertEqual(hub_run("healthcheck", environment={"PORT": str(hub.port)}).returncode, 0)
        for flag in ("--help", "--version", "--help-man", "--completion-script-bash", "--completion-script-zsh"):
            told = hub_run(flag)
            self.assertEqual((told.returncode, told.stderr), (0, ""))
            self.assertTrue(told.stdout)
        for wrong in (["--store=postgres"], ["--report.rate=often"], ["--store.retention=1m"], ["store"], ["store", "export", "--store=memory"]):
            self.assertEqual(hub_run(*wrong).returncode, 2, wrong)

    def test_the_reference_is_the_one_in_docs(self):
        page = pathlib.Path(__file__).parents[2] / "docs/hub-reference.md"
        self.assertEqual(hub_run("--help-markdown").stdout, page.read_text(), "`make docs` writes it again")
