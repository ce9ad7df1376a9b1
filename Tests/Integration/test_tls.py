"""TLS as curl, openssl and Python speak it: what is agreed on, who is let in, and what is wrong at the start."""

import os
import re
import ssl
import tempfile
import unittest

from certificates import NAMES, Certificates
from locked import LockedExporter, Peer, WebFile, curl, s_client, shows, trusting
from support import free_port, run


def setUpModule():
    global pki
    pki = Certificates()
    unittest.addModuleCleanup(pki.close)


def serving(web, **others):
    return LockedExporter(web, context=trusting(pki.authority), **others)


class Agreement(unittest.TestCase):
    """What both sides speak, by what a web configuration file says of it."""

    def agreed(self, port, *arguments):
        """The version and the cipher, and what else openssl says; None for a handshake that came to nothing."""
        text = s_client(port, "-CAfile", pki.authority.certificate, *arguments)
        found = re.search(r"^New, (TLSv[0-9.]+), Cipher is (\S+)", text, re.MULTILINE)
        # A session of version 1.2 is "New, TLSv1.2" also where an older one is spoken.
        version = re.search(r"^ *Protocol *: (\S+)", text, re.MULTILINE)
        return (version.group(1), found.group(2), text) if found and version else None

    def check(self, settings, cases, pair=None):
        """Each case: what openssl is told to offer, and the version and cipher of what comes of it, or None."""
        with WebFile(tls_server_config=shows(pair or pki.server) | settings) as web, serving(web) as exporter:
            for offer, expected in cases:
                with self.subTest(settings=settings, offer=offer):
                    agreed = self.agreed(exporter.port, *offer.split())
                    self.assertEqual(agreed and agreed[:2], expected)
                    if agreed:
                        self.assertIn("HTTP/1.1 200 OK", agreed[2])

    def test_versions(self):
        gcm, newest = "ECDHE-ECDSA-AES128-GCM-SHA256", "TLS_AES_256_GCM_SHA384"
        old = "-cipher ALL:@SECLEVEL=0"
        modern = [("-tls1_2", ("TLSv1.2", gcm)), ("-tls1_3", ("TLSv1.3", newest))]
        self.check({}, [*modern, (f"-tls1_1 {old}", None), (f"-tls1 {old}", None)])
        self.check({"max_version": "TLS12"}, [modern[0], ("-tls1_3", None), ("", ("TLSv1.2", gcm))])
        self.check({"min_version": "TLS13"}, [("-tls1_2", None), modern[1]])
        cbc = "ECDHE-ECDSA-AES128-SHA"
        ancient = {"min_version": "TLS10"}
        self.check(
            ancient, [(f"-tls1_1 {old}", ("TLSv1.1", cbc)), (f"-tls1 {old}", ("TLSv1", cbc)), modern[1]]
        )
        self.check({"min_version": "TLS11", "max_version": "TLS11"}, [(f"-tls1 {old}", None), ("-tls1_2", None)])

    def test_cipher_suites(self):
        one, other = "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384"
        suites = ["TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"]
        offers_both = f"-tls1_2 -cipher {one}:{other}"
        self.check({"cipher_suites": suites}, [
            (offers_both, ("TLSv1.2", other)),
            (f"-tls1_2 -cipher {one}", ("TLSv1.2", one)),
            ("-tls1_2 -cipher ECDHE-ECDSA-CHACHA20-POLY1305", None),
            ("-tls1_3", ("TLSv1.3", "TLS_AES_256_GCM_SHA384")),
        ])
        self.check({"cipher_suites": suites, "prefer_server_cipher_suites": False}, [(offers_both, ("TLSv1.2", one))])
        rsa = {"cipher_suites": ["TLS_RSA_WITH_AES_128_GCM_SHA256"], "max_version": "TLS12"}
        with WebFile(tls_server_config=shows(pki.rsa_server) | rsa, http_server_config={"http2": False}) as web:
            with serving(web) as exporter:
                self.assertEqual(self.agreed(exporter.port, "-tls1_2")[1], "AES128-GCM-SHA256")

    def test_a_certificate_with_an_RSA_key(self):
        self.check({}, [
            ("-tls1_2", ("TLSv1.2", "ECDHE-RSA-AES128-GCM-SHA256")), ("-tls1_3", ("TLSv1.3", "TLS_AES_256_GCM_SHA384")),
        ], pair=pki.rsa_server)

    def test_curves(self):
        # In version 1.2 a client's list is also that of the keys which a certificate may have, so it is one of RSA here.
        for curves, offer, expected in [
            ([], "X25519", "X25519"), ([], "P-521", "ECDH, secp521r1"), (["CurveP384"], "X25519:P-384", "ECDH, secp384r1"),
            (["CurveP256", "X25519"], "X25519:P-256", "X25519|ECDH, prime256v1"), (["X25519"], "P-256", None),
        ]:
            settings = shows(pki.rsa_server) | {"curve_preferences": curves}
            with WebFile(tls_server_config=settings) as web, serving(web) as exporter:
                for version in ["-tls1_2", "-tls1_3"]:
                    with self.subTest(curves=curves, offer=offer, version=version):
                        agreed = self.agreed(exporter.port, version, "-curves", offer)
                        if expected:
                            self.assertRegex(agreed[2], f"Server Temp Key: ({expected})")
                        else:
                            self.assertIsNone(agreed)

    def test_a_curve_of_a_certificate_need_not_be_one_of_those_configured(self):
        self.check({"curve_preferences": ["X25519"]}, [("-tls1_2", ("TLSv1.2", "ECDHE-ECDSA-AES128-GCM-SHA256"))])

    def test_http1_is_what_ALPN_finds(self):
        with WebFile(tls_server_config=shows(pki.server)) as web, serving(web) as exporter:
            for offer in ["h2,http/1.1", "http/1.1"]:
                self.assertIn("ALPN protocol: http/1.1", self.agreed(exporter.port, "-alpn", offer)[2])
            self.assertIn("No ALPN negotiated", self.agreed(exporter.port)[2])
            status, text = curl(exporter.port, "--cacert", pki.authority.certificate, "--http2", "--include")
            self.assertEqual((status, text.splitlines()[0]), (0, "HTTP/1.1 200 OK"))

    def test_a_session_is_resumed(self):
        settings = shows(pki.server) | {"client_auth_type": "VerifyClientCertIfGiven", "client_ca_file": pki.authority.certificate}
        for tls in [shows(pki.server), settings]:
            with WebFile(tls_server_config=tls) as web, serving(web) as exporter, tempfile.TemporaryDirectory() as folder:
                for version in ["-tls1_2", "-tls1_3"]:
                    with self.subTest(version=version, clients=tls.get("client_auth_type")):
                        session = os.path.join(folder, f"session{version}")
                        whole = self.agreed(exporter.port, version, "-sess_out", session)
                        self.assertIsNotNone(whole)
                        again = s_client(exporter.port, "-CAfile", pki.authority.certificate, version, "-sess_in", session)
                        self.assertRegex(again, r"(?m)^Reused, TLSv1\.")
                        self.assertIn("HTTP/1.1 200 OK", again)

    def test_a_client_can_tell_whom_it_speaks_with(self):
        with WebFile(tls_server_config=shows(pki.server)) as web, serving(web) as exporter:
            self.assertEqual(curl(exporter.port, "--cacert", pki.authority.certificate)[0], 0)
            self.assertEqual(curl(exporter.port, "--cacert", pki.other_authority.certificate)[0], 60)
            self.assertEqual(exporter.status(), 200)

    def test_what_is_written_out_is_as_good_as_a_file(self):
        def text(path):
            with open(path) as file:
                return file.read()

        tls = {
            "cert": text(pki.server.certificate), "key": text(pki.server.key), "client_ca": text(pki.authority.certificate),
            "client_auth_type": "RequireAndVerifyClientCert",
        }
        with WebFile(tls_server_config=tls) as web, serving(web) as exporter:
            exporter.context = trusting(pki.authority, pki.client)
            self.assertEqual(exporter.status(), 200)


class Clients(unittest.TestCase):
    """The five kinds of client authentication, each with every kind of certificate, over both versions."""

    CERTIFICATES = {
        "none": None, "good": lambda: pki.client, "RSA": lambda: pki.rsa_client,
        "foreign": lambda: pki.foreign_client, "expired": lambda: pki.expired_client,
        # It is for servers, and says so.
        "a server's": lambda: pki.server,
    }
    GOOD, ALL = {"good", "RSA"}, set(CERTIFICATES)

    def answered(self, port, client):
        """Whether a request is answered, over version 1.2 and over 1.3."""
        return {self.is_answered(port, client, version) for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)}

    @staticmethod
    def is_answered(port, client, version):
        try:
            with Peer(port, trusting(pki.authority, client, version)) as peer:
                peer.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
                return peer.answers()[0][0] == 200
        except OSError:
            return False

    def test_kinds(self):
        for kind, let_in in [
            ("NoClientCert", self.ALL), ("RequestClientCert", self.ALL), ("RequireAnyClientCert", self.ALL - {"none"}),
            ("VerifyClientCertIfGiven", self.GOOD | {"none"}), ("RequireAndVerifyClientCert", self.GOOD),
            ("RequireClientCert", self.ALL - {"none"}),
        ]:
            tls = shows(pki.server) | {"client_auth_type": kind}
            if "Verify" in kind:
                tls["client_ca_file"] = pki.authority.certificate
            with WebFile(tls_server_config=tls) as web, LockedExporter(web) as exporter:
                for name, pair in self.CERTIFICATES.items():
                    with self.subTest(kind=kind, certificate=name):
                        self.assertEqual(self.answered(exporter.port, pair and pair()), {name in let_in})

    def test_who_is_refused_is_told_why(self):
        """Also one that has sent its request meanwhile, as version 1.3 allows: a reset would take the words with it."""
        tls = shows(pki.server) | {
            "client_auth_type": "RequireAndVerifyClientCert", "client_ca_file": pki.authority.certificate,
        }
        with WebFile(tls_server_config=tls) as web, LockedExporter(web) as exporter:
            for pair, words in [
                (None, "certificate required|handshake failure"), (pki.foreign_client, "unknown ca"),
                (pki.expired_client, "certificate expired"), (pki.server, "unsupported certificate|certificate"),
            ]:
                for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
                    with self.subTest(pair=pair, version=version), self.assertRaises(ssl.SSLError) as raised:
                        with Peer(exporter.port, trusting(pki.authority, pair, version)) as peer:
                            peer.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" * 300)
                            peer.answers()
                    self.assertRegex(str(raised.exception).replace("_", " ").lower(), f"alert.*({words})")

    def test_allowed_names(self):
        names = {kind: name.partition(":")[2] for kind, name in NAMES.items()}
        for kind, name in names.items():
            tls = shows(pki.server) | {
                "client_auth_type": "RequireAndVerifyClientCert", "client_ca_file": pki.authority.certificate,
                "client_allowed_sans": ["other.test", name],
            }
            with WebFile(tls_server_config=tls) as web, LockedExporter(web) as exporter:
                for other in names:
                    with self.subTest(allowed=kind, has=other):
                        self.assertEqual(self.answered(exporter.port, getattr(pki, f"{other}_client")), {other == kind})
                self.assertEqual(self.answered(exporter.port, pki.client), {True})
                foreign = pki.make_client(f"foreign_{kind}", names=NAMES[kind], authority=pki.other_authority)
                self.assertEqual(self.answered(exporter.port, foreign), {False})

    def test_a_session_is_no_way_round_a_certificate(self):
        """A ticket of a server without clients' certificates is none for one that wants them."""
        with WebFile(tls_server_config=shows(pki.server)) as web, LockedExporter(web) as exporter:
            context = trusting(pki.authority, version=ssl.TLSVersion.TLSv1_2)
            with Peer(exporter.port, context) as peer:
                session = peer.tls.session
            web.write(tls_server_config=shows(pki.server) | {
                "client_auth_type": "RequireAndVerifyClientCert", "client_ca_file": pki.authority.certificate,
            })
            exporter.reload()
            with self.assertRaises(OSError):
                with Peer(exporter.port, context, session=session) as peer:
                    peer.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
                    peer.answers()


class Health(unittest.TestCase):
    def test_healthcheck_asks_by_https(self):
        with WebFile(tls_server_config=shows(pki.server)) as web, serving(web) as exporter:
            url = f"--url=https://localhost:{exporter.port}/healthz"
            for arguments, status, words in [
                ([url, f"--ca-file={pki.authority.certificate}"], 0, "200"), ([url, "--insecure"], 0, "200"),
                ([url, f"--ca-file={pki.other_authority.certificate}"], 1, "cannot be verified"),
                ([f"--url=http://localhost:{exporter.port}/healthz"], 1, "400"),
            ]:
                with self.subTest(arguments=arguments):
                    result = run("healthcheck", *arguments)
                    self.assertEqual(result.returncode, status, result.stdout)
                    self.assertIn(words, result.stdout)
            # In a container it finds out by itself.
            environment = {"WEB_CONFIG_FILE": web.path, "WEB_LISTEN_ADDRESS": f"127.0.0.1:{exporter.port}"}
            self.assertEqual(run("healthcheck", environment=environment).returncode, 0)


class Mistakes(unittest.TestCase):
    def complaint(self, web):
        result = run(f"--web.config.file={web.path}", f"--web.listen-address=127.0.0.1:{free_port()}")
        self.assertEqual(result.returncode, 2, result.stderr)
        lines = result.stderr.splitlines()
        self.assertEqual(len([line for line in lines if "--help" not in line]), 1, result.stderr)
        return lines[0]

    def test_a_wrong_file_is_one_line_with_its_place(self):
        wrong = pki.path("wrong.pem")
        with open(wrong, "w") as file:
            file.write("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
        good = f"cert_file: {pki.server.certificate}\n  key_file: {pki.server.key}"
        for text, line, *words in [
            (f"tls_server_config:\n  cert_file: {pki.path('none')}\n  key_file: {pki.server.key}\n", 2, "none"),
            (f"tls_server_config:\n  {good}\n  client_auth_type: Some\n", 4, "client_auth_type", "Some"),
            (f"tls_server_config:\n  {good}\n  min_version: TLS14\n", 4, "TLS14"),
            (f"tls_server_config:\n  {good}\n  cipher_suites: [TLS_X]\n", 4, "TLS_X"),
            (f"tls_server_config:\n  {good}\n  curve_preferences: [P1]\n", 4, "P1"),
            (f"tls_server_config:\n  {good}\n  client_ca_file: x\n", 4, "client_ca"),
            (f"tls_server_config:\n  {good}\n  colour: red\n", 4, "colour"),
            (f"tls_server_config:\n  cert_file: {pki.server.certificate}\n", 2, "key"),
            ("basic_auth_users:\n  prom: secret\n", 2, "prom", "bcrypt"),
            ("basic_auth_users:\n  prom: $2b$15$abcdefghijklmnopqrstuu7g3aYH0MVPbYbkD9WYkcKmd8hVmjKpS\n", 2, "cost"),
            ("rate_limit:\n  interval: soon\n", 2, "interval"),
            ("bearer_tokens:\n  - name: a\n    sha256: 12\n", 3, "sha256"),
            ("http_server_config:\n  headers:\n    X-Other: a\n", 3, "X-Other"),
            ("a: [\n", 2, "column"),
        ]:
            with self.subTest(text=text), WebFile(text) as web:
                complaint = self.complaint(web)
                self.assertIn(f"{web.path}:{line}: ", complaint)
                for word in words:
                    self.assertIn(word, complaint)
                self.assertNotIn("secret", complaint)

    def test_a_wrong_certificate_names_its_own_file(self):
        wrong, empty = pki.path("wrong.pem"), pki.path("empty.pem")
        open(empty, "w").close()
        with open(wrong, "w") as file:
            file.write("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
        for certificate, key, named in [
            (wrong, pki.server.key, wrong), (empty, pki.server.key, empty), (pki.server.certificate, empty, empty),
            (pki.server.certificate, pki.client.key, pki.client.key), (pki.server.key, pki.server.key, pki.server.key),
        ]:
            with self.subTest(named=named), WebFile(tls_server_config={"cert_file": certificate, "key_file": key}) as web:
                self.assertIn(named, self.complaint(web))

    def test_no_file_at_all(self):
        with WebFile("{}") as web:
            os.remove(web.path)
            self.assertIn(web.path, self.complaint(web))


if __name__ == "__main__":
    unittest.main()
