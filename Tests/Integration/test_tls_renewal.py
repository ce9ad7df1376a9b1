"""Certificates that are renewed while the exporter runs: each way in which files are exchanged."""

import os
import shutil
import ssl
import tempfile
import time
import unittest

from certificates import Certificates
from locked import REQUEST, LockedExporter, Peer, WebFile, trusting
from support import wait_until

RENEWED, STANDS = "certificates have been renewed", "those of before stand"
# So long one look at the files is good for all handshakes that come.
LOOK = 0.02


def setUpModule():
    global pki
    pki = Certificates()
    unittest.addModuleCleanup(pki.close)


def written(path, content):
    """In place, as an editor or a copy does it."""
    with open(path, "w") as file:
        file.write(content)


def text(path):
    with open(path) as file:
        return file.read()


class Renewal(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.certificate, self.key = self.path("tls.crt"), self.path("tls.key")

    def path(self, name):
        return os.path.join(self.folder, name)

    def lay(self, pair, folder=None):
        folder = folder or self.folder
        os.makedirs(folder, exist_ok=True)
        shutil.copyfile(pair.certificate, os.path.join(folder, "tls.crt"))
        shutil.copyfile(pair.key, os.path.join(folder, "tls.key"))

    def start(self, **others):
        web = WebFile(tls_server_config={"cert_file": self.certificate, "key_file": self.key} | others)
        self.addCleanup(web.directory.cleanup)
        exporter = LockedExporter(web, context=trusting(pki.authority))
        self.addCleanup(exporter.__exit__)
        return exporter

    def assert_shown(self, exporter, pair, client=None):
        """In the very next handshake."""
        time.sleep(2 * LOOK)
        with Peer(exporter.port, trusting(pki.authority, client)) as peer:
            shown = peer.tls.getpeercert(binary_form=True)
            self.assertEqual(shown, ssl.PEM_cert_to_DER_cert(text(pair.certificate)))
            peer.send(REQUEST)
            self.assertEqual(peer.answers()[0][0], 200)

    def assert_logged(self, exporter, words, count=1):
        wait_until(lambda: exporter.log.count(words) >= count, what=f"the log says: {words}")
        self.assertEqual(exporter.log.count(words), count, exporter.log)

    def test_exchanged_by_a_link_as_Kubernetes_does_it(self):
        self.lay(pki.server, self.path("..1"))
        os.symlink("..1", self.path("..data"))
        for name in ["tls.crt", "tls.key"]:
            os.symlink(f"..data/{name}", self.path(name))
        exporter = self.start()
        self.assert_shown(exporter, pki.server)
        for number, pair in enumerate([pki.renewed_server, pki.rsa_server, pki.server], 2):
            self.lay(pair, self.path(f"..{number}"))
            os.symlink(f"..{number}", self.path("..data_tmp"))
            os.rename(self.path("..data_tmp"), self.path("..data"))
            shutil.rmtree(self.path(f"..{number - 1}"))
            self.assert_shown(exporter, pair)
            self.assert_logged(exporter, RENEWED, number - 1)
        self.assertNotIn(STANDS, exporter.log)

    def test_written_in_place_one_after_the_other(self):
        self.lay(pki.server)
        exporter = self.start()
        with Peer(exporter.port, trusting(pki.authority)) as open_before:
            for number, (first, second) in enumerate([("certificate", "key"), ("key", "certificate")], 1):
                old, new = (pki.server, pki.renewed_server) if number == 1 else (pki.renewed_server, pki.server)
                self.assert_shown(exporter, old)
                written(getattr(self, first), text(getattr(new, first)))
                self.assert_shown(exporter, old)
                self.assert_logged(exporter, STANDS, number)
                self.assertIn(self.key, exporter.log.splitlines()[-1])
                # Looked at again, and nothing new to say of it.
                self.assert_shown(exporter, old)
                self.assert_logged(exporter, STANDS, number)
                written(getattr(self, second), text(getattr(new, second)))
                self.assert_shown(exporter, new)
                self.assert_logged(exporter, RENEWED, number)
            open_before.send(REQUEST)
            self.assertEqual(open_before.answers()[0][0], 200)

    def test_what_is_no_certificate_any_more_changes_nothing(self):
        self.lay(pki.server)
        exporter = self.start()
        for number, content in enumerate(["", "nonsense", text(pki.server.certificate)[:400], None], 1):
            if content is None:
                os.remove(self.certificate)
            else:
                written(self.certificate, content)
            self.assert_shown(exporter, pki.server)
            self.assert_logged(exporter, STANDS, number)
            self.assertIn(self.certificate, exporter.log.splitlines()[-1])
        self.lay(pki.renewed_server)
        self.assert_shown(exporter, pki.renewed_server)
        self.assert_logged(exporter, RENEWED)

    def test_the_authorities_of_clients(self):
        self.lay(pki.server)
        authorities = self.path("clients.pem")
        shutil.copyfile(pki.authority.certificate, authorities)
        exporter = self.start(client_auth_type="RequireAndVerifyClientCert", client_ca_file=authorities)
        self.assert_shown(exporter, pki.server, pki.client)
        with self.assertRaises(OSError):
            self.assert_shown(exporter, pki.server, pki.foreign_client)
        written(authorities, text(pki.other_authority.certificate))
        self.assert_shown(exporter, pki.server, pki.foreign_client)
        with self.assertRaises(OSError):
            self.assert_shown(exporter, pki.server, pki.client)

    def test_its_end_is_a_metric(self):
        def ends(pair):
            subject = ssl._ssl._test_decode_cert(pair.certificate)
            return str(int(ssl.cert_time_to_seconds(subject["notAfter"])))

        series = "agent_exporter_http_tls_certificate_not_after_timestamp_seconds"
        short = pki.make_server("short_server", days=(-1, 3))
        self.lay(pki.server)
        exporter = self.start()
        exporter.wait_for(series, ends(pki.server))
        self.lay(short)
        self.assert_shown(exporter, short)
        exporter.wait_for(series, ends(short))

    def test_a_hangup_reads_them_too_and_says_what_is_wrong(self):
        self.lay(pki.server)
        exporter = self.start()
        self.lay(pki.renewed_server)
        exporter.reload()
        self.assert_shown(exporter, pki.renewed_server)
        written(self.key, text(pki.server.key))
        exporter.reload(succeeds=False)
        self.assertIn("the key is not that of the certificate", exporter.log.splitlines()[-1])
        self.assert_shown(exporter, pki.renewed_server)


if __name__ == "__main__":
    unittest.main()
