"""Every recipe of docs/security.md is done as it stands there, and does what the page says."""

import hashlib
import subprocess
import sys
import unittest
from base64 import b64encode

import yaml
from locks import Authority, Locked, block
from support import BINARY, Process, Prometheus, free_port, run, wait_until

PASSWORD = "correct horse"


def basic(password, user="prometheus"):
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()


def hashed(password=PASSWORD):
    """Cheap to make and to check: what is tested here is not the cost."""
    return run("htpasswd", "-nbBC", "4", "prometheus", password).strip().partition(":")[2]


class Recipes(unittest.TestCase):
    def setUp(self):
        self.authority = self.enterContext(Authority())
        self.authority.issue("server")

    def locked(self, recipe, *flags, **changes):
        """An exporter with the file of a recipe, in which some texts are others."""
        text = block(recipe)
        for old, new in changes.items():
            self.assertIn(old, text)
            text = text.replace(old, new)
        self.authority.write("web-config.yml", text)
        return self.enterContext(Locked(self.authority, "web-config.yml", *flags))

    def with_password(self, *flags):
        (written,) = yaml.safe_load(block("file with a password"))["basic_auth_users"].values()
        return self.locked("file with a password", *flags, **{written: hashed()})

    def with_token(self, *flags):
        """Both tokens of the recipe are one that is made by the recipe before."""
        digest = self.authority.shell(block("token")).split()[0]
        tokens = yaml.safe_load(block("file with tokens"))["bearer_tokens"]
        other = hashlib.sha256(b"another").hexdigest()
        return self.locked("file with tokens", *flags, **{tokens[0]["sha256"]: other, tokens[1]["sha256"]: digest})

    def token(self):
        return "Bearer " + (self.authority.folder / "token").read_text().strip()

    def test_tls_in_five_commands(self):
        self.authority.shell(block("file with a certificate"))
        locked = self.enterContext(Locked(self.authority, "web-config.yml"))
        look = block("look").replace(":8000", f":{locked.port}")
        self.assertIn("\napp_agent_status ", self.authority.shell(look))
        self.assertEqual(locked.status(scheme="http"), 400)

    def test_certificates_are_those_of_servers_and_no_authorities(self):
        self.authority.shell(block("client certificate"))
        for name in ("server", "client"):
            said = self.authority.shell(f"openssl verify -CAfile ca.crt {name}.crt; openssl x509 -noout -text -in {name}.crt")
            self.assertIn(f"{name}.crt: OK", said)
            self.assertIn("CA:FALSE", said)

    def test_a_password_is_wanted_and_health_is_open(self):
        locked = self.with_password()
        self.assertEqual(locked.status(), 401)
        self.assertEqual(locked.status(Authorization=basic("wrong")), 401)
        self.assertEqual(locked.status(Authorization=basic(PASSWORD)), 200)
        found = {path: locked.status(path) for path in ("/healthz", "/readyz", "/-/healthy", "/-/ready", "/", "/status.json")}
        self.assertEqual({path for path, status in found.items() if status == 200}, set(list(found)[:4]), found)

    def test_hashes_are_ones_that_the_exporter_takes(self):
        by_python = block("hash by python").replace("python3", sys.executable)
        for name, command in (("htpasswd", block("hash by htpasswd").replace("-nBC", "-niBC")), ("python", by_python)):
            with self.subTest(name):
                made = subprocess.run(
                    ["bash", "-c", command], input=PASSWORD + "\n", capture_output=True, text=True, start_new_session=True
                )
                self.assertEqual(made.returncode, 0, made.stderr)
                users = {"prometheus": made.stdout.strip().rpartition(":")[2]}
                self.authority.write("web-config.yml", yaml.safe_dump({"basic_auth_users": users}))
                with Locked(self.authority, "web-config.yml") as locked:
                    self.assertEqual(locked.status(scheme="http", Authorization=basic(PASSWORD)), 200)
                    self.assertEqual(locked.status(scheme="http", Authorization=basic("wrong")), 401)

    def test_a_token_reads_and_only_that_of_an_admin_reloads(self):
        locked = self.with_token("--web.enable-lifecycle")
        self.assertEqual(locked.status(Authorization=self.token()), 200)
        self.assertEqual(locked.status(Authorization="Bearer another"), 200)
        self.assertEqual(locked.status(Authorization="Bearer wrong"), 401)
        reload = block("reload").replace(":8000", f":{locked.port}").rstrip() + " -s -o /dev/null -w '%{http_code}'"
        self.assertEqual(self.authority.shell(reload), "200")
        self.assertEqual(locked.status("/-/reload", method="POST", Authorization="Bearer another"), 403)
        self.authority.write("web-config.yml", "basic_auth: {}\n")
        self.assertEqual(self.authority.shell(reload), "500")
        # What was read before stands.
        self.assertEqual(locked.status(Authorization=self.token()), 200)
        self.assertEqual(locked.status(), 401)

    def test_who_is_taken_out_of_the_file_is_out(self):
        locked = self.with_password()
        self.assertEqual(locked.status(Authorization=basic(PASSWORD)), 200)
        text = (self.authority.folder / "web-config.yml").read_text()
        self.authority.write("web-config.yml", text.replace("prometheus:", "somebody:"))
        locked.process.send_signal(1)
        wait_until(lambda: locked.status(Authorization=basic(PASSWORD)) == 401, what="the old user is refused")
        self.assertEqual(locked.status(Authorization=basic(PASSWORD, "somebody")), 200)

    def test_a_renewed_certificate_is_served_by_itself(self):
        self.authority.shell(block("file with a certificate"))
        locked = self.enterContext(Locked(self.authority, "web-config.yml"))

        def serial():
            show = f"openssl s_client -connect localhost:{locked.port} </dev/null 2>/dev/null | openssl x509 -noout -serial"
            return self.authority.shell(show)

        before = serial()
        self.authority.issue("server")
        wait_until(lambda: serial() != before, what="the new certificate")

    def test_only_certificates_of_the_authority_with_the_name_are_let_in(self):
        self.authority.shell(block("client certificate"))
        self.authority.issue("other", host="other.example.com")
        locked = self.locked("file with client certificates")
        self.assertEqual(locked.status(client="client"), 200)
        self.assertNotEqual(locked.status(client="other"), 200)
        self.assertNotEqual(locked.status(), 200)

    def test_prometheus_reads_by_each_of_its_configurations(self):
        self.authority.shell(block("client certificate"))
        self.authority.write("password", PASSWORD)
        exporters = {
            "password/agent-exporter": self.with_password(),
            "token/agent-exporter": self.with_token(),
            "clients/agent-exporter": self.locked("file with client certificates"),
        }
        self.authority.shell(block("file with a certificate"))
        exporters["agent-exporter"] = self.enterContext(Locked(self.authority, "web-config.yml"))
        configuration = yaml.safe_load(block("scrapes"))
        self.authority.write("prometheus.yml", block("scrapes"))
        run("promtool", "check", "config", self.authority.path("prometheus.yml"))
        for job in configuration["scrape_configs"]:
            job["static_configs"] = [{"targets": [f"localhost:{exporters[job['job_name']].port}"]}]
            place_files(job, self.authority)
        configuration["global"] = {"scrape_interval": "250ms", "scrape_timeout": "250ms"}
        prometheus = self.enterContext(Prometheus(configuration))

        def read():
            data = prometheus.ask("query", query="up == 1")
            return data and {each["metric"]["job"] for each in data["result"]} == set(exporters)

        wait_until(read, what="every job is up")

    def test_an_agent_with_tls_and_a_password_is_asked(self):
        """It is played by an exporter that is locked: whatever answers 200 with a JSON object will do."""
        agent = self.with_password()
        self.authority.write("password", PASSWORD + "\n")
        port = free_port()
        command = block("agent").replace("localhost:8443/actuator/info", f"localhost:{agent.port}/status.json")
        command = command.replace("--agent.basic-auth-user=metrics", "--agent.basic-auth-user=prometheus").rstrip()
        command += f" --web.listen-address=127.0.0.1:{port}"
        exporter = self.enterContext(Process("bash", "-c", f"cd {self.authority.folder}; exec {command.replace('agent-exporter', BINARY, 1)}"))
        wait_until(lambda: "agent state" in exporter.output, what="the agent has answered")
        self.assertNotIn("poll failed", exporter.output)
        self.assertNotIn(PASSWORD, exporter.output)

    def test_the_certificate_of_cert_manager_is_the_one_that_the_chart_mounts(self):
        certificate = yaml.safe_load(block("cert-manager"))
        self.assertEqual(certificate["spec"]["secretName"], "agents-tls")
        self.assertEqual(certificate["metadata"]["namespace"], "agents")


def place_files(section, authority):
    """Files are named beside Prometheus' own: here they are where the authority keeps them."""
    for key, value in section.items():
        if isinstance(value, dict):
            place_files(value, authority)
        elif key.endswith("_file"):
            section[key] = authority.path(value)


if __name__ == "__main__":
    unittest.main()
