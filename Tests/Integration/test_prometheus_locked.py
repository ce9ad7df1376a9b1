"""A real Prometheus at every lock: with the right key it scrapes, with a wrong one it is told."""

import os
import tempfile
import unittest

from certificates import Certificates
from locked import LockedExporter, WebFile, bcrypt, shows
from support import FakeAgent, wait_until
from test_locks import TOKENS, token
from test_prometheus import Prometheus

PASSWORD = "open sesame"


class Locked(unittest.TestCase):
    def setUp(self):
        self.pki = self.enterContext(Certificates())
        self.agent = self.enterContext(FakeAgent(b'{"agentStatus":"RUNNING","activeTaskCount":3}'))
        self.folder = self.enterContext(tempfile.TemporaryDirectory())

    def start(self, **settings):
        return self.enterContext(LockedExporter(self.enterContext(WebFile(**settings)), self.agent.url)).port

    def file(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w") as file:
            file.write(text)
        return path

    def test_right_keys_and_wrong_ones(self):
        pki = self.pki
        password, token_file = self.file("password", PASSWORD), self.file("token", TOKENS["read"])
        wrong = self.file("wrong", "wrong")
        clients = {"client_auth_type": "RequireAndVerifyClientCert", "client_ca_file": pki.authority.certificate}
        encrypted = self.start(tls_server_config=shows(pki.server))
        mutual = self.start(tls_server_config=shows(pki.server) | clients | {"client_allowed_sans": ["scraper.test"]})
        users = {"basic_auth_users": {"prom": bcrypt(PASSWORD, 10)}}
        named = self.start(**users, bearer_tokens=[token("read"), token("admin")], health_without_auth=True)
        both = self.start(tls_server_config=shows(pki.server) | clients, **users)

        https = {"scheme": "https", "tls_config": {"ca_file": pki.authority.certificate}}

        def showing(pair):
            files = {"cert_file": pair.certificate, "key_file": pair.key}
            return https | {"tls_config": https["tls_config"] | files}

        login = {"basic_auth": {"username": "prom", "password_file": password}}
        job = Prometheus.job
        good = {
            "tls": job(encrypted, **https),
            "mutual": job(mutual, **showing(pki.dns_client)),
            "mutual_rsa": job(mutual, **showing(pki.rsa_client)),
            "basic": job(named, **login),
            "bearer": job(named, authorization={"credentials_file": token_file}),
            "all": job(both, **showing(pki.client), **login),
        }
        bad = {
            "plain": job(encrypted),
            "foreign_authority": job(encrypted, scheme="https", tls_config={"ca_file": pki.other_authority.certificate}),
            "no_certificate": job(mutual, **https),
            "foreign_client": job(mutual, **showing(pki.foreign_client)),
            "other_name": job(mutual, **showing(pki.ip_client)),
            "no_password": job(named),
            "wrong_password": job(named, basic_auth={"username": "prom", "password_file": wrong}),
            "wrong_token": job(named, authorization={"credentials_file": wrong}),
            "no_scope": job(named, authorization={"credentials": TOKENS["admin"]}),
            "no_login": job(both, **showing(pki.client)),
        }
        with Prometheus(**good, **bad) as prometheus:
            for name in good:
                reads = lambda: prometheus.value(f'app_active_task_count{{job="{name}"}}') == 3
                wait_until(reads, 20, f"{name} is scraped")
            for name in bad:
                wait_until(lambda: prometheus.value(f'up{{job="{name}"}}') == 0, 20, f"{name} is refused")
            for name in good:
                wait_until(lambda: prometheus.value(f'count_over_time(up{{job="{name}"}}[1m])') >= 5, 20)
                self.assertEqual(prometheus.value(f'min_over_time(up{{job="{name}"}}[1m])'), 1, name)
            for name in bad:
                self.assertEqual(prometheus.value(f'max_over_time(up{{job="{name}"}}[1m])'), 0, name)


if __name__ == "__main__":
    unittest.main()
