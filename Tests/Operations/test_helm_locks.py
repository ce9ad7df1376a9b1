"""The chart's values for locks: what is rendered is valid, is mounted, and speaks with one voice; what cannot work is refused."""

import json
import re
import unittest

import jsonschema
import yaml
from locks import Authority
from manifests import PodPromises, environment_of, exporter_of, of_kind, pod_of, scraped_schemes, validate
from support import BINARY, run
from test_helm import CHART, LEAST, SETS, helm, merged, render

HASH = "$2y$10$TE6Xf/uzSdelgKuevalbOO/W9CcZQIxmRNxaG.iaeP9/BV0LebZQC"
BELIEVED = {"ca": {"secret": {"name": "agents-tls", "key": "ca.crt"}}, "serverName": "agents.example.com"}
LOGIN = {"username": {"name": "scrape", "key": "username"}, "password": {"name": "scrape", "key": "password"}}
KNOCK = {"startupProbe": {"httpGet": None, "tcpSocket": {"port": 8080}}}
# Ways to lock the port, and to get into an agent that is locked.
LOCKED = {
    "a certificate": {"web": {"tls": {"existingSecret": "agents-tls"}}},
    "a certificate and a password, read by a PodMonitor": {
        "web": {
            "tls": {"existingSecret": "agents-tls"},
            "config": {"content": {"basic_auth_users": {"prometheus": HASH}, "health_without_auth": True}},
            "enableLifecycle": True,
        },
        "scraping": {"by": "podMonitor", "tlsConfig": BELIEVED, "basicAuth": LOGIN},
    },
    "a token in a Secret of one's own, in a second container, read by a ServiceMonitor": {
        "sidecar": "container",
        "web": {"config": {"existingSecret": "agents-web"}, "scheme": "https"},
        "scraping": {
            "by": "serviceMonitor",
            "tlsConfig": BELIEVED,
            "authorization": {"type": "Bearer", "credentials": {"name": "scrape", "key": "token"}},
        },
    },
    "client certificates": {
        "web": {
            "tls": {"existingSecret": "agents-tls"},
            "config": {
                "content": {
                    "tls_server_config": {
                        "client_ca_file": "ca.crt",
                        "client_auth_type": "RequireAndVerifyClientCert",
                        "client_allowed_sans": ["prometheus.monitoring.svc"],
                    },
                    "rate_limit": {"interval": "1s", "burst": 20},
                }
            },
            "probes": "tcpSocket",
        },
    },
    "an agent with TLS and a password": {
        "agent": {
            "tls": {"existingSecret": "agent-tls", "clientCertificate": True, "serverName": "agent.internal"},
            "basicAuth": {"existingSecret": "agent-login"},
        },
        "dpcAgent": {
            "dpcAgent": KNOCK | {"volumes": [{"name": "tmp", "emptyDir": {}}]},
            "metricsExporter": {"agentUrl": "https://localhost:8080/actuator/info"},
        },
    },
    "an agent with a token": {
        "agent": {"tls": {"insecureSkipVerify": True}, "bearerToken": {"existingSecret": "agent-login"}},
        "dpcAgent": {"dpcAgent": KNOCK},
    },
}


class Locks(PodPromises, unittest.TestCase):
    def test_every_way_is_valid_and_keeps_the_promises(self):
        for name, values in LOCKED.items():
            with self.subTest(name):
                helm(("lint", "--strict"), values)
                resources = render(values)
                validate(resources)
                self.assert_locked_pod(resources)

    def test_nothing_is_locked_or_mounted_unless_it_is_said(self):
        for name, values in SETS.items():
            with self.subTest(name):
                resources = render(values)
                container, _ = exporter_of(resources)
                self.assertNotIn("volumeMounts", container)
                self.assertEqual([each for each in environment_of(container) if "CONFIG" in each or "TLS" in each], [])
                self.assertNotIn("Secret", {resource["kind"] for resource in resources})

    def test_the_file_that_the_chart_writes_is_one_that_the_exporter_takes(self):
        """Beside the certificate, as in the pod: the exporter that is started with it says that it is ready."""
        written = [name for name, values in LOCKED.items() if "web" in values and "existingSecret" not in values["web"].get("config", {})]
        self.assertEqual(len(written), 3)
        for name in written:
            with self.subTest(name), Authority() as authority:
                secret = of_kind(render(LOCKED[name]), "Secret")
                authority.issue("tls")
                authority.write("web-config.yml", secret["stringData"]["web-config.yml"])
                authority.assert_taken("web-config.yml")

    def test_a_written_certificate_goes_before_the_mounted_one(self):
        own = {"web": {"config": {"content": {"tls_server_config": {"cert_file": "own.crt"}}}}}
        secret = of_kind(render(merged(LOCKED["a certificate"], own)), "Secret")
        content = yaml.safe_load(secret["stringData"]["web-config.yml"])
        self.assertEqual(content["tls_server_config"], {"cert_file": "own.crt", "key_file": "tls.key"})

    def test_a_secret_of_ones_own_is_mounted_as_it_is(self):
        resources = render(LOCKED["a token in a Secret of one's own, in a second container, read by a ServiceMonitor"])
        self.assertNotIn("Secret", {resource["kind"] for resource in resources})
        (volume,) = pod_of(resources)["spec"]["volumes"]
        self.assertEqual(volume["projected"]["sources"], [{"secret": {"name": "agents-web"}}])

    def test_a_monitor_shows_what_the_port_wants(self):
        monitor = of_kind(render(LOCKED["a certificate and a password, read by a PodMonitor"]), "PodMonitor")
        (endpoint,) = monitor["spec"]["podMetricsEndpoints"]
        found = {key: endpoint.get(key) for key in ("scheme", "tlsConfig", "basicAuth", "authorization")}
        expected = {"scheme": "https", "tlsConfig": BELIEVED, "basicAuth": LOGIN, "authorization": None}
        self.assertEqual(found, expected)

    def test_the_agent_is_shown_what_the_values_say(self):
        container, _ = exporter_of(render(LOCKED["an agent with TLS and a password"]))
        found = {name: value for name, value in environment_of(container).items() if re.match("AGENT_(TLS|BASIC|BEARER)", name)}
        self.assertEqual(
            found,
            {
                "AGENT_TLS_CA_FILE": "/etc/agent-exporter/agent-tls/ca.crt",
                "AGENT_TLS_CERT_FILE": "/etc/agent-exporter/agent-tls/tls.crt",
                "AGENT_TLS_KEY_FILE": "/etc/agent-exporter/agent-tls/tls.key",
                "AGENT_TLS_SERVER_NAME": "agent.internal",
                # By a reference to the Secret.
                "AGENT_BASIC_AUTH_USER": None,
                "AGENT_BASIC_AUTH_PASSWORD_FILE": "/etc/agent-exporter/agent-credentials/password",
            },
        )
        help_text = run(BINARY, "--help")
        for values in LOCKED.values():
            for variable in environment_of(exporter_of(render(values))[0]):
                self.assertIn(variable, help_text)

    def test_what_would_never_be_ready_or_up_is_refused(self):
        users = {"basic_auth_users": {"prometheus": HASH}}
        tls = {"web": {"tls": {"existingSecret": "agents-tls"}}}
        clients = {"web": {"config": {"content": {"tls_server_config": {"client_auth_type": "RequireAnyClientCert"}}}}}
        login = {"agent": {"basicAuth": {"existingSecret": "agent-login"}}}
        both = merged(login, {"agent": {"bearerToken": {"existingSecret": "agent-login"}}})
        cases = (
            ({"web": {"config": {"content": users}}}, "set health_without_auth: true"),
            ({"web": {"config": {"existingSecret": "a", "content": users}}}, "the file is in one of them"),
            (merged(tls, clients), "set web.probes: tcpSocket"),
            (merged(tls, {"web": {"scheme": "http"}}), "leave it empty"),
            (merged(tls, {"scraping": {"by": "podMonitor"}}), "say whom it believes"),
            ({"scraping": {"by": "podMonitor", "authorization": {"type": "Bearer"}, "basicAuth": LOGIN}}, "one of them"),
            (merged(both, {"dpcAgent": {"dpcAgent": KNOCK}}), "a poll has one of them"),
            (login, "brings no credentials"),
            ({"agent": {"tls": {"clientCertificate": True}}}, "name the Secret"),
            ({"dpcAgent": {"metricsExporter": {"agentUrl": "https://localhost:8080/actuator/info"}}}, "scheme: HTTPS"),
        )
        for values, message in cases:
            with self.subTest(message), self.assertRaisesRegex(AssertionError, message):
                render(values)

    def test_the_readmes_values_are_valid(self):
        page = (CHART / "README.md").read_text().split("## TLS and passwords")[1]
        values = yaml.safe_load(page.split("```yaml\n")[1].split("```")[0])
        resources = render(values)
        validate(resources)
        self.assert_locked_pod(resources, connections="1024")
        self.assertEqual(scraped_schemes(resources), {"https"})

    def test_the_notes_ask_by_the_scheme_of_the_port(self):
        notes = helm(("install", "agents"), LOCKED["a certificate"], "--dry-run=client")
        self.assertIn("curl https://localhost:8000/metrics", notes)

    def test_the_schema_accepts_every_way(self):
        schema = json.loads((CHART / "values.schema.json").read_text())
        defaults = yaml.safe_load((CHART / "values.yaml").read_text())
        for name, values in LOCKED.items():
            with self.subTest(name):
                jsonschema.validate(merged(defaults, merged(LEAST, values)), schema)


if __name__ == "__main__":
    unittest.main()
