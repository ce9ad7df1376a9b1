"""The load tester over TLS: against the exporter, nginx and openssl's own server, with good certificates and bad ones."""

import contextlib
import json
import os
import subprocess
import tempfile
import unittest

from certificates import Certificates
from support import Exporter, free_port, is_listening, surroundings, wait_until
from test_loadtest import LOADTEST, loadtest


@contextlib.contextmanager
def running(port, *command):
    """Another program, once it listens."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: is_listening(port), what=command[0])
        yield
    finally:
        process.kill()
        process.wait()


class Authenticated:
    """An exporter behind TLS, for the time of a `with`; `more` of its web configuration file comes behind its certificate."""

    def __init__(self, pair, more="", *flags):
        self.folder = tempfile.TemporaryDirectory()
        path = os.path.join(self.folder.name, "web.yml")
        with open(path, "w") as file:
            file.write(f"tls_server_config:\n  cert_file: {pair.certificate}\n  key_file: {pair.key}\n{more}")
        self.exporter = Exporter("http://127.0.0.1:1/", f"--web.config.file={path}", *flags)

    def __enter__(self):
        self.exporter.__enter__()
        self.url = f"https://localhost:{self.exporter.port}/metrics"
        return self

    def __exit__(self, *_):
        self.exporter.__exit__()
        self.folder.cleanup()


class EncryptedTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.pki = Certificates()
        cls.addClassCleanup(cls.pki.close)
        cls.trusting = f"--ca-file={cls.pki.authority.certificate}"

    def measure(self, *arguments):
        run = loadtest(*arguments, "-n20", "--connections=2", "--json")
        return run, json.loads(run.stdout) if run.stdout else None

    def test_an_exporter_is_asked_on_kept_and_on_new_connections(self):
        with Authenticated(self.pki.server) as server:
            for flags in ([], ["--no-keep-alive"], ["--gzip", "--validate=parse"], ["--rate=200"], ["--rate=max", "--threads=2"]):
                with self.subTest(flags=flags):
                    run, result = self.measure(server.url, self.trusting, *flags)
                    self.assertEqual((run.returncode, run.stderr), (0, b""))
                    self.assertEqual((result["answers"], result["errors"]["total"]), (20, 0), result["first_errors"])
                    self.assertEqual(result["url"], server.url)

    def test_a_certificate_is_believed_for_good_reasons_alone(self):
        pki = self.pki
        for pair, flags, error in [
            (pki.rsa_server, [self.trusting], None),
            (pki.expired_server, [self.trusting], "the server's certificate cannot be verified: certificate has expired"),
            (pki.elsewhere_server, [self.trusting], "the server's certificate is not for localhost"),
            (pki.elsewhere_server, [self.trusting, "--tls-server-name=elsewhere.test"], None),
            (pki.foreign_server, [self.trusting], "the server's certificate cannot be verified: "),
            # Nobody whom the system believes has signed it.
            (pki.server, [], "the server's certificate cannot be verified: "),
            (pki.expired_server, ["--insecure"], None),
        ]:
            with self.subTest(certificate=pair.certificate, flags=flags), Authenticated(pair) as server:
                run, result = self.measure(server.url, *flags)
                if error:
                    self.assertEqual((run.returncode, result["errors"]["tls"], result["answers"]), (1, 20, 0))
                    self.assertEqual(result["first_errors"]["tls"][: len(error)], error)
                    self.assertIn(f"tls        20   {error}".encode(), loadtest(server.url, "-n20", *flags).stdout)
                else:
                    self.assertEqual((run.returncode, result["answers"]), (0, 20), result["first_errors"])
                self.assertEqual(b"--insecure" in run.stderr, "--insecure" in flags, run.stderr)

    def test_a_client_shows_its_certificate(self):
        pki = self.pki
        more = f"  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: {pki.authority.certificate}\n"
        with Authenticated(pki.server, more) as server:
            for pair, answers in [(pki.client, 20), (pki.rsa_client, 20), (pki.foreign_client, 0), (None, 0)]:
                flags = [f"--cert-file={pair.certificate}", f"--key-file={pair.key}"] if pair else []
                with self.subTest(pair=pair):
                    _, result = self.measure(server.url, self.trusting, *flags)
                    self.assertEqual((result["answers"], result["errors"]["tls"]), (answers, 20 - answers), result["first_errors"])

    def test_others_are_asked_as_well(self):
        with self.openssl() as url:
            # It answers to the end of each connection.
            run, result = self.measure(url, self.trusting, "--validate=length")
            self.assertEqual((run.returncode, result["answers"]), (0, 20), result["first_errors"])
        with self.nginx() as url:
            for flags in ([], ["--no-keep-alive"], ["--slow-readers=2"]):
                run, result = self.measure(url, self.trusting, *flags)
                self.assertEqual((run.returncode, result["answers"]), (0, 20), result["first_errors"])

    @contextlib.contextmanager
    def openssl(self):
        port, pair = free_port(), self.pki.server
        command = ["openssl", "s_server", "-accept", str(port), "-cert", pair.certificate, "-key", pair.key, "-www", "-quiet"]
        with running(port, *command):
            yield f"https://localhost:{port}/"

    @contextlib.contextmanager
    def nginx(self):
        port, pair = free_port(), self.pki.server
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "nginx.conf")
            paths = " ".join(f"{name}_temp_path {directory};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
            with open(path, "w") as file:
                file.write(
                    f"daemon off; master_process off; error_log /dev/null; pid {directory}/pid; events {{}}\n"
                    f"http {{ access_log off; {paths} server {{ listen 127.0.0.1:{port} ssl;\n"
                    f"ssl_certificate {pair.certificate}; ssl_certificate_key {pair.key};\n"
                    'location / { return 200 "up 1\\n"; } } }\n'
                )
            with running(port, "/usr/sbin/nginx", "-p", directory, "-c", path):
                yield f"https://127.0.0.1:{port}/"

    def test_a_socket_stands_for_the_host_that_the_certificate_is_of(self):
        with tempfile.TemporaryDirectory() as directory:
            path = f"{directory}/s"
            with Authenticated(self.pki.elsewhere_server, "", f"--web.listen-address=unix:{path}"):
                _, result = self.measure("https://elsewhere.test/metrics", f"--unix={path}", self.trusting)
                self.assertEqual(result["answers"], 20, result["first_errors"])

    def test_files_that_are_no_good_are_told_before_the_run(self):
        pki = self.pki
        url = "https://localhost:1/metrics"
        for flags, error in [
            (["--ca-file=/nonexistent"], "/nonexistent: it cannot be read"),
            ([f"--ca-file={pki.authority.key}"], f"{pki.authority.key}: no certificate is in it"),
            (
                [f"--cert-file={pki.client.certificate}", f"--key-file={pki.dns_client.key}", self.trusting],
                f"{pki.dns_client.key}: the key is not that of the certificate in {pki.client.certificate}",
            ),
        ]:
            with self.subTest(flags=flags):
                run = loadtest(url, *flags)
                self.assertEqual((run.returncode, run.stdout), (2, b""))
                self.assertTrue(run.stderr.startswith(f"loadtest: {error}".encode()), run.stderr)

    def test_secrets_are_taken_off_the_command_line(self):
        with Authenticated(self.pki.server) as server:
            command = [LOADTEST, server.url, self.trusting, "--token=sesame", "--header", "X-Key: sesame", "--duration=10s"]
            run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=surroundings())
            try:
                with open(f"/proc/{run.pid}/cmdline", "rb") as file:

                    def shown():
                        file.seek(0)
                        return file.read()

                    wait_until(lambda: b"loadtest" in shown() and b"sesame" not in shown())
                    self.assertIn(b"--token=", shown())
            finally:
                run.kill()
                run.wait()


if __name__ == "__main__":
    unittest.main()
