"""The certificates that tests of TLS use: each is what its name says, by the judgement of `openssl verify`."""

import os
import subprocess
import unittest

from certificates import NAMES, Certificates, Pair, openssl


class CertificatesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.pki = Certificates()
        cls.addClassCleanup(cls.pki.close)

    @staticmethod
    def trusting(authority):
        return ["-trusted", authority.certificate]

    def verdict(self, pair, *arguments):
        """What is wrong with a certificate; nothing when all is well."""
        trusted = [] if "-trusted" in arguments else self.trusting(self.pki.authority)
        command = ["openssl", "verify", "-x509_strict", *trusted, *arguments]
        run = subprocess.run([*command, pair.certificate], capture_output=True, text=True)
        return "" if run.returncode == 0 else run.stderr

    def test_good_ones_are_good(self):
        pki = self.pki
        for pair in (pki.server, pki.renewed_server, pki.rsa_server):
            for place in (["-verify_hostname", "localhost"], ["-verify_ip", "127.0.0.1"], ["-verify_ip", "::1"]):
                with self.subTest(pair=pair, place=place):
                    self.assertEqual(self.verdict(pair, "-purpose", "sslserver", *place), "")
        for pair in (pki.client, pki.dns_client, pki.ip_client, pki.email_client, pki.uri_client, pki.rsa_client):
            with self.subTest(pair=pair):
                self.assertEqual(self.verdict(pair, "-purpose", "sslclient"), "")
                self.assertIn("unsuitable certificate purpose", self.verdict(pair, "-purpose", "sslserver"))

    def test_wrong_ones_are_wrong_in_one_way(self):
        pki = self.pki
        hostname = ["-verify_hostname", "localhost"]
        for pair, arguments, words, mended in [
            (pki.expired_server, hostname, "certificate has expired", [*hostname, "-no_check_time"]),
            (pki.expired_client, [], "certificate has expired", ["-no_check_time"]),
            (pki.elsewhere_server, hostname, "hostname mismatch", ["-verify_hostname", "elsewhere.test"]),
            (pki.foreign_server, hostname, "unable to get local issuer", [*hostname, *self.trusting(pki.other_authority)]),
            (pki.foreign_client, [], "unable to get local issuer", self.trusting(pki.other_authority)),
        ]:
            with self.subTest(pair=pair):
                self.assertIn(words, self.verdict(pair, *arguments))
                self.assertEqual(self.verdict(pair, *mended), "")

    def test_names_are_what_they_should_be(self):
        for kind, name in NAMES.items():
            for pair in (self.pki.client, getattr(self.pki, f"{kind}_client")):
                with self.subTest(kind=kind, pair=pair):
                    names = openssl("x509", "-in", pair.certificate, "-noout", "-ext", "subjectAltName")
                    self.assertIn(name.partition(":")[2], names)

    def test_keys_belong_to_their_certificates(self):
        for name, pair in vars(self.pki).items():
            if not isinstance(pair, Pair):
                continue
            with self.subTest(name=name):
                of_key = openssl("pkey", "-in", pair.key, "-pubout")
                self.assertEqual(openssl("x509", "-in", pair.certificate, "-noout", "-pubkey"), of_key)
                kind = openssl("pkey", "-in", pair.key, "-noout", "-text")
                self.assertIn("2048 bit" if "rsa" in name else "NIST CURVE: P-256", kind)

    def test_all_is_gone_when_it_is_closed(self):
        with Certificates() as pki:
            self.assertTrue(os.path.exists(pki.server.certificate))
        self.assertFalse(os.path.exists(pki.folder.name))


if __name__ == "__main__":
    unittest.main()
