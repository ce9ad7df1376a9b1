"""What goes through TLS is what went through TCP: split anywhere, halved, slow, and to its end."""

import signal
import socket
import ssl
import subprocess
import unittest

from certificates import Certificates
from locked import LAST_REQUEST, REQUEST, LockedExporter, Peer, WebFile, shows, trusting
from support import FakeAgent, is_listening, wait_until

VERSIONS = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}
RUNNING = b'{"agentStatus":"RUNNING","activeTaskCount":1}'
# An answer of 300 kB and more.
LONG = [f"--agent.gauge=app_long_{number}=activeTaskCount:{'x' * 100_000}" for number in range(3)]
SCRAPE = b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"


def setUpModule():
    global pki
    pki = Certificates()
    unittest.addModuleCleanup(pki.close)


class Streams(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.contexts = {name: trusting(pki.authority, version=version) for name, version in VERSIONS.items()}
        agent = cls.enterClassContext(FakeAgent(RUNNING))
        web = cls.enterClassContext(WebFile(tls_server_config=shows(pki.server)))
        cls.exporter = cls.enterClassContext(LockedExporter(web, agent.url, *LONG, context=cls.contexts["1.3"]))
        cls.exporter.wait_for("app_long_2", "1")

    def peers(self):
        """One of each version, in a subtest of its own."""
        for name, context in self.contexts.items():
            with self.subTest(version=name), Peer(self.exporter.port, context) as peer:
                yield peer

    def assert_good(self, answers):
        self.assertEqual({status for status, _ in answers}, {200})
        self.assertTrue(all(body.startswith(b"{") for _, body in answers))

    def test_requests_in_one_record(self):
        for count in [2, 9, 100]:
            for peer in self.peers():
                record = peer.encipher(REQUEST * count)
                self.assertEqual(record[:1] + record[5 + int.from_bytes(record[3:5]):], b"\x17", "it is one record")
                peer.socket.sendall(record)
                self.assert_good(peer.answers(count))

    def test_more_requests_than_a_record_holds(self):
        for peer in self.peers():
            peer.socket.sendall(peer.encipher(REQUEST * 1000))
            self.assert_good(peer.answers(1000))

    def test_records_of_one_byte(self):
        for peer in self.peers():
            records = [peer.encipher(REQUEST[place : place + 1]) for place in range(len(REQUEST))]
            peer.socket.sendall(b"".join(records))
            self.assert_good(peer.answers())
            for record in [peer.encipher(REQUEST[place : place + 1]) for place in range(len(REQUEST))]:
                peer.socket.sendall(record)
            self.assert_good(peer.answers())

    def test_records_that_come_byte_by_byte(self):
        for peer in self.peers():
            peer.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for byte in peer.encipher(REQUEST * 3):
                peer.socket.sendall(bytes([byte]))
            self.assert_good(peer.answers(3))

    def test_records_that_are_cut_anywhere(self):
        """Each time elsewhere, and what is behind the cut comes only when the server has looked at what is before it."""
        for peer in self.peers():
            length = len(peer.encipher(b"x"))
        for name, context in self.contexts.items():
            with self.subTest(version=name), Peer(self.exporter.port, context) as peer:
                for cut in range(1, 100, 3):
                    records = peer.encipher(REQUEST) + peer.encipher(REQUEST)
                    peer.socket.sendall(records[:cut])
                    self.assertGreater(len(records), cut + length)
                    self.exporter.status("/healthz")
                    peer.socket.sendall(records[cut:])
                    self.assert_good(peer.answers(2))

    def test_a_handshake_that_comes_byte_by_byte(self):
        for name, context in self.contexts.items():
            with self.subTest(version=name), Peer(self.exporter.port, context, handshakes=False) as peer:
                for byte in peer.hello:
                    peer.socket.sendall(bytes([byte]))
                peer.handshake()
                peer.send(REQUEST)
                self.assert_good(peer.answers())

    def test_an_empty_record_is_nothing(self):
        for peer in self.peers():
            peer.socket.sendall(peer.encipher(b"") + peer.encipher(REQUEST) + peer.encipher(b""))
            self.assert_good(peer.answers())

    def test_a_client_that_has_said_goodbye_still_gets_its_answers(self):
        for ends in [False, True]:
            for peer in self.peers():
                peer.send(REQUEST + SCRAPE)
                peer.say_goodbye()
                if ends:
                    peer.socket.shutdown(socket.SHUT_WR)
                received = peer.receive_all()
                self.assertEqual(received.count(b"HTTP/1.1 200 OK\r\n"), 2)
                self.assertTrue(received.endswith(b"\n"))
                self.assertGreater(len(received), 300_000)

    def test_a_client_that_ends_without_goodbye_too(self):
        for peer in self.peers():
            peer.send(REQUEST)
            peer.socket.shutdown(socket.SHUT_WR)
            self.assertEqual(peer.receive_all().count(b"HTTP/1.1 200 OK\r\n"), 1)

    def test_the_server_says_goodbye(self):
        for peer in self.peers():
            peer.send(LAST_REQUEST)
            # Without it, this would be an error.
            self.assertTrue(peer.receive_all().startswith(b"HTTP/1.1 200 OK\r\n"))

    def test_a_long_answer_to_a_slow_reader_is_whole(self):
        for peer in self.peers():
            peer.send(SCRAPE * 3)
            for _ in range(50):
                peer.incoming.write(peer.socket.recv(700))
                self.exporter.status("/healthz")
            bodies = [body for status, body in peer.answers(3) if status == 200]
            self.assertEqual([len(body) > 300_000 and body.endswith(b"\n") for body in bodies], [True] * 3)
            self.assertEqual({body.count(b"x" * 100_000) for body in bodies}, {3})

    def commanded(self, version, letter, answer):
        """What s_client prints when it is told to do something between two requests."""
        command = ["openssl", "s_client", "-connect", f"127.0.0.1:{self.exporter.port}", version]
        client = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        said = b""
        with client:
            client.stdin.write(REQUEST)
            client.stdin.flush()
            while b'"status"' not in said:
                said += client.stdout.readline()
            client.stdin.write(letter)
            client.stdin.flush()
            while answer not in said and (line := client.stdout.readline()):
                said += line
            try:
                client.stdin.write(LAST_REQUEST)
                client.stdin.flush()
            except BrokenPipeError:
                pass
            said += client.stdout.read()
            client.stdin.close = lambda: None
        return said

    def test_nothing_is_negotiated_again(self):
        said = self.commanded("-tls1_2", b"R\n", b"RENEGOTIATING")
        self.assertIn(b"no renegotiation", said)
        self.assertEqual(said.count(b"HTTP/1.1 200 OK"), 1)
        self.assertEqual(self.exporter.status(), 200)

    def test_keys_are_updated(self):
        for letter in [b"K\n", b"k\n"]:
            said = self.commanded("-tls1_3", letter, b"KEYUPDATE")
            self.assertEqual(said.count(b"HTTP/1.1 200 OK"), 2, said)


class Ends(unittest.TestCase):
    def test_a_stop_finishes_what_is_under_way_and_says_goodbye(self):
        # The first one waits for a while for an agent that might be shutting down.
        for number, version in [(signal.SIGTERM, "1.3"), (signal.SIGINT, "1.3"), (signal.SIGINT, "1.2")]:
            context = trusting(pki.authority, version=VERSIONS[version])
            with self.subTest(version=version, signal=number), FakeAgent(RUNNING) as agent:
                with WebFile(tls_server_config=shows(pki.server)) as web:
                    self.check(number, context, agent, web)

    def check(self, number, context, agent, web):
        gauges = [f"--agent.gauge=app_long_{gauge}=activeTaskCount:{'x' * 100_000}" for gauge in range(20)]
        with LockedExporter(web, agent.url, *gauges, context=context) as exporter:
            exporter.wait_for("app_long_19", "1")
            with Peer(exporter.port, context) as reader, Peer(exporter.port, context) as idle, Peer(
                exporter.port, context, handshakes=False
            ) as half:
                half.socket.sendall(half.hello[:100])
                idle.send(REQUEST)
                self.assertEqual(idle.answers()[0][0], 200)
                # More than the kernel takes off the exporter's hands.
                reader.send(SCRAPE)
                reader.incoming.write(reader.socket.recv(100))
                exporter.signal(number)
                wait_until(lambda: "msg=signal" in exporter.log)
                self.assertEqual(idle.receive_all(), b"")
                wait_until(lambda: not is_listening(exporter.port))
                status, body = reader.answers()[0]
                self.assertEqual((status, body.count(b"x" * 100_000)), (200, 20))
                self.assertEqual(reader.receive_all(), b"")
            self.assertEqual(exporter.wait(), 0)


if __name__ == "__main__":
    unittest.main()
