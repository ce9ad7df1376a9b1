"""Agents that are asked by https: whom the exporter believes, what it says when it does not, and that it recovers by itself."""

import os
import shutil
import socket
import ssl
import tempfile
import threading
import unittest

from certificates import Certificates
from locked import basic, bearer
from support import Exporter, FakeAgent, SimulatedAgent, wait_until

RUNNING = b'{"agentStatus":"RUNNING","activeTaskCount":3}'


def setUpModule():
    global pki
    pki = Certificates()
    unittest.addModuleCleanup(pki.close)


class SecureAgent(FakeAgent):
    """Answers over TLS; `greet`, where it is given, gets each connection instead of a handshake."""

    def __init__(self, pair, clients=None, version=None, greet=None, host="127.0.0.1"):
        super().__init__(RUNNING)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.show(pair)
        if version:
            self.context.set_ciphers("ALL:@SECLEVEL=0")
            self.context.minimum_version = self.context.maximum_version = version
        if clients:
            self.context.load_verify_locations(clients.certificate)
            self.context.verify_mode = ssl.CERT_REQUIRED
        self.greet, self.handshakes = greet, 0
        accept = self.server.get_request

        def secured():
            peer, address = accept()
            peer.settimeout(20)
            return SecurePeer(peer, self), address

        self.server.get_request = secured
        self.url = self.url.replace("http://", "https://").replace("127.0.0.1", host)

    def show(self, pair):
        self.context.load_cert_chain(pair.certificate, pair.key)


class SecurePeer:
    """A socket that shakes hands with the first thing that is done to it, on the thread of its handler."""

    def __init__(self, peer, agent):
        self.peer, self.agent, self.is_secure = peer, agent, False

    def makefile(self, *arguments):
        if not self.is_secure:
            self.is_secure = True
            if self.agent.greet:
                self.agent.greet(self.peer)
                raise ConnectionError
            self.peer = self.agent.context.wrap_socket(self.peer, server_side=True)
            self.agent.handshakes += 1
        return self.peer.makefile(*arguments)

    def __getattr__(self, name):
        return getattr(self.peer, name)


def says_http(peer):
    peer.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
    peer.recv(1 << 16)


def hangs(peer):
    while peer.recv(1 << 16):
        pass


def closes(peer):
    """Without having said anything."""
    peer.recv(1 << 16)
    peer.close()


def resets(peer):
    peer.recv(100)
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    peer.close()


class Agents(unittest.TestCase):
    def exporter(self, agent, *flags, authority=True, environment=None):
        believes = [f"--agent.tls-ca-file={pki.authority.certificate}"] if authority else []
        quick = ["--agent.timeout=500ms", "--agent.connect-timeout=500ms"]
        return Exporter(agent.url, *quick, *believes, *flags, environment=environment)

    def assert_read(self, agent, *flags, **others):
        with self.exporter(agent, *flags, **others) as exporter:
            exporter.wait_for("app_active_task_count", "3")
            self.assertTrue(exporter.health["agent"]["up"])
            self.assertNotIn("poll failed", exporter.log)

    def assert_failure(self, agent, reason, words, *flags, **others):
        """It is counted, and everybody is told why: who looks at the health, the page and the log."""
        with self.exporter(agent, *flags, **others) as exporter:
            wait_until(lambda: int(exporter.samples[f'agent_exporter_poll_failures_total{{reason="{reason}"}}']) >= 2)
            error = exporter.health["agent"]["last_error"]
            self.assertTrue(error.startswith(f"{reason}: "), error)
            self.assertRegex(error, words)
            detail = error.partition(": ")[2]
            self.assertIn(detail.replace('"', "")[:20], exporter.log.replace('"', ""))
            document = exporter.get("/status.json").text
            self.assertRegex(document, words)
            self.assertRegex(exporter.get("/").text, words)
            self.assertEqual(exporter.samples["app_agent_up"], "0")
            return exporter.log

    def test_one_that_shows_what_is_believed_is_read(self):
        for pair in [pki.server, pki.rsa_server]:
            for version in [None, ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]:
                with self.subTest(pair=pair, version=version), SecureAgent(pair, version=version) as agent:
                    self.assert_read(agent)

    def test_a_certificate_that_signs_itself_is_its_own_authority(self):
        names = ["subjectAltName=IP:127.0.0.1", "basicConstraints=critical,CA:FALSE"]
        own = pki.make("own_server", names)
        with SecureAgent(own) as agent:
            self.assert_read(agent, f"--agent.tls-ca-file={own.certificate}", authority=False)
            self.assert_failure(agent, "tls", "self[- ]signed")

    def test_what_is_not_believed_is_a_failure_that_says_why(self):
        for pair, words in [
            (pki.elsewhere_server, "is not for 127.0.0.1"), (pki.expired_server, "expired"),
            (pki.foreign_server, "unable to get (local )?issuer|unable to verify|self[- ]signed"),
            (pki.client, "unsuitable|purpose|not for 127.0.0.1"),
        ]:
            with self.subTest(pair=pair), SecureAgent(pair) as agent:
                self.assert_failure(agent, "tls", words)

    def test_names(self):
        with SecureAgent(pki.elsewhere_server) as agent:
            self.assert_read(agent, "--agent.tls-server-name=elsewhere.test")
            self.assert_failure(agent, "tls", "is not for other.test", "--agent.tls-server-name=other.test")
        asked = []
        with SecureAgent(pki.server, host="localhost") as agent:
            agent.context.sni_callback = lambda _, name, __: asked.append(name)
            self.assert_read(agent)
            self.assertEqual(set(asked), {"localhost"})

    def test_a_certificate_to_show(self):
        with SecureAgent(pki.server, clients=pki.authority) as agent:
            shows = [f"--agent.tls-cert-file={pki.client.certificate}", f"--agent.tls-key-file={pki.client.key}"]
            self.assert_read(agent, *shows)
            self.assert_failure(agent, "tls", "certificate required")
            foreign = pki.foreign_client
            shows = [f"--agent.tls-cert-file={foreign.certificate}", f"--agent.tls-key-file={foreign.key}"]
            self.assert_failure(agent, "tls", "unknown ca", *shows)

    def test_only_an_old_version(self):
        with SecureAgent(pki.server, version=ssl.TLSVersion.TLSv1_1) as agent:
            self.assert_failure(agent, "tls", "protocol|version")

    def test_no_TLS_at_all(self):
        with SimulatedAgent() as agent:
            agent.url = agent.url.replace("http://", "https://")
            self.assert_failure(agent, "tls", "wrong version number|packet length|record")
        for greet, reason, words in [
            (says_http, "tls", "wrong version number|packet length|record"), (hangs, "timeout", "time|long|ms|second"),
            (closes, "tls", "closed"), (resets, "tls", "closed|reset"),
        ]:
            with self.subTest(greet=greet.__name__), SecureAgent(pki.server, greet=greet) as agent:
                self.assert_failure(agent, reason, words)

    def test_it_recovers_by_itself(self):
        with SecureAgent(pki.foreign_server) as agent:
            with self.exporter(agent) as exporter:
                exporter.wait_for('app_agent_up', "0")
                wait_until(lambda: "reason=tls" in exporter.log)
                agent.show(pki.server)
                exporter.wait_for("app_agent_up", "1")

    def test_files_that_are_put_right_are_read_again(self):
        with tempfile.TemporaryDirectory() as folder, SecureAgent(pki.server, clients=pki.authority) as agent:
            paths = {name: os.path.join(folder, name) for name in ["ca", "cert", "key"]}
            flags = [f"--agent.tls-{name}-file={path}" for name, path in paths.items()]

            def put(name, source):
                shutil.copyfile(source, paths[name] + ".new")
                os.rename(paths[name] + ".new", paths[name])

            put("ca", pki.other_authority.certificate)
            put("cert", pki.foreign_client.certificate)
            put("key", pki.foreign_client.key)
            with self.exporter(agent, *flags, authority=False) as exporter:
                health = lambda: exporter.health["agent"]["last_error"] or ""
                wait_until(lambda: "cannot be verified" in health())
                put("ca", pki.authority.certificate)
                wait_until(lambda: health().startswith("tls: ") and "cannot be verified" not in health())
                put("cert", pki.client.certificate)
                put("key", pki.client.key)
                exporter.wait_for("app_agent_up", "1")
                # Those that were good stand when others are not, also for new connections.
                os.remove(paths["ca"])
                put("key", pki.foreign_client.key)
                before = agent.handshakes
                agent.answer = closes
                exporter.wait_for("app_agent_up", "0")
                agent.say({"agentStatus": "RUNNING", "activeTaskCount": 3})
                exporter.wait_for("app_agent_up", "1")
                self.assertGreater(agent.handshakes, before)

    def test_files_that_are_not_there_are_named(self):
        with SecureAgent(pki.server) as agent:
            self.assert_failure(agent, "tls", "/nonexistent", "--agent.tls-ca-file=/nonexistent", authority=False)

    def test_a_machine_that_believes_nobody(self):
        with SecureAgent(pki.server) as agent:
            self.assert_failure(
                agent, "tls", "--agent.tls-ca-file", authority=False, environment={"SSL_CERT_FILE": "/nonexistent"}
            )
            self.assert_read(agent, authority=False, environment={"SSL_CERT_FILE": pki.authority.certificate})

    def test_believing_anybody_is_seen(self):
        for pair in [pki.foreign_server, pki.expired_server, pki.elsewhere_server]:
            with SecureAgent(pair) as agent, self.exporter(
                agent, "--agent.tls-insecure-skip-verify", authority=False, environment={"SSL_CERT_FILE": "/nonexistent"}
            ) as exporter:
                exporter.wait_for("app_active_task_count", "3")
                self.assertIn("level=warn", next(line for line in exporter.log.splitlines() if "is not verified" in line))
                self.assertIn("is not verified", exporter.get("/").text)
                self.assertIn("is not verified", exporter.get("/status.json").text)
                insecure = {name: value for name, value in exporter.samples.items() if "verif" in name or "insecure" in name}
                self.assertEqual(list(insecure.values()), ["1"], "there is a metric of it")

    def test_a_connection_is_kept_and_a_session_resumed(self):
        with SecureAgent(pki.server) as agent, self.exporter(agent) as exporter:
            exporter.wait_for("app_agent_up", "1")
            wait_until(lambda: int(exporter.samples["agent_exporter_polls_total"]) > 20)
            self.assertEqual(agent.handshakes, 1)

    def test_credentials_go_through_it(self):
        heads = []
        with SecureAgent(pki.server) as agent:
            original = agent.server.RequestHandlerClass.setup

            def setup(handler):
                original(handler)
                read = handler.rfile.readline

                def readline(*arguments):
                    line = read(*arguments)
                    heads.append(line.decode())
                    return line

                handler.rfile.readline = readline

            agent.server.RequestHandlerClass.setup = setup
            for flags, sent in [
                (["--agent.basic-auth-user=a", "--agent.basic-auth-password=b"], basic("a", "b")),
                (["--agent.bearer-token=abc"], bearer("abc")),
            ]:
                self.assert_read(agent, *flags)
                self.assertIn(f"Authorization: {sent}\r\n", heads)


if __name__ == "__main__":
    unittest.main()
