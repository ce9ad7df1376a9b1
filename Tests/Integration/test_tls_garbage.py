"""What no client sends to the TLS port: no TLS at all, and records that are broken, too long, empty or alerts."""

import os
import select
import socket
import struct
import time
import unittest

from enemies import HEADER_TIMEOUT, Enemies, hello
from locked import REQUEST, Peer, is_closed_by_peer, plain

HANDSHAKE, CHANGE, ALERT, DATA = 22, 20, 21, 23


def record(kind, content, version=b"\3\3"):
    return bytes([kind]) + version + struct.pack("!H", len(content)) + content


class Garbage(Enemies):
    def test_garbage(self):
        for garbage in [
            os.urandom(100_000), b"\0" * 1000, b"\xff" * 70_000, record(HANDSHAKE, b""), record(HANDSHAKE, b"\1\xff\xff\xff"),
            record(HANDSHAKE, os.urandom(16384)), record(DATA, b"x"), record(CHANGE, b"\1"), record(99, b"x"),
            record(HANDSHAKE, b"\1\0\0\1x"), record(HANDSHAKE, b"x" * 16385), b"\x80\x2e\1\3\1" + b"\0" * 50,
            b"SSH-2.0-OpenSSH_9.2\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        ]:
            with self.subTest(garbage=garbage[:20]), plain(self.exporter.port) as peer:
                try:
                    peer.sendall(garbage)
                except OSError:
                    pass
                self.assertTrue(is_closed_by_peer(peer, HEADER_TIMEOUT + 4))

    def test_every_byte_of_a_handshake_may_be_wrong(self):
        whole = hello(self.context)
        for place in range(0, len(whole), 3):
            with plain(self.exporter.port) as peer:
                peer.sendall(whole[:place] + bytes([whole[place] ^ 0x5A]) + whole[place + 1 :])
                peer.shutdown(socket.SHUT_WR)
                self.assertTrue(is_closed_by_peer(peer))

    def test_plain_http_is_told(self):
        for request in [REQUEST, b"GET / HTTP/1.1\r\n", b"POST /-/reload HTTP/1.1\r\nHost: x\r\n\r\n", b"GET /"]:
            with self.subTest(request=request), plain(self.exporter.port) as peer:
                peer.sendall(request)
                answer = peer.makefile("rb").read()
                self.assertTrue(answer.startswith(b"HTTP/1.1 400 Bad Request\r\n"), answer)
                self.assertIn(b"https", answer.partition(b"\r\n\r\n")[2])

    def test_plain_http_is_told_while_it_is_still_sending(self):
        with plain(self.exporter.port) as peer:
            peer.settimeout(HEADER_TIMEOUT + 4)
            received = b""
            for _ in range(20):
                peer.sendall(b"POST /-/reload HTTP/1.1\r\n" + b"X: y\r\n" * 3000)
                time.sleep(0.01)
            while piece := peer.recv(1 << 16):
                received += piece
            self.assertTrue(received.startswith(b"HTTP/1.1 400 Bad Request\r\n"), received)
            self.assertTrue(received.endswith(b"plain http\n"), received)

    def test_records_that_are_broken(self):
        for name, context in [("1.2", self.old_context), ("1.3", self.context)]:
            for case in ["cut", "changed", "repeated", "reordered", "longer", "plain alert", "unknown"]:
                with self.subTest(version=name, case=case), Peer(self.exporter.port, context) as peer:
                    one, other = peer.encipher(REQUEST), peer.encipher(REQUEST)
                    peer.socket.sendall({
                        "cut": one[:-3],
                        "changed": one[:20] + bytes([one[20] ^ 1]) + one[21:],
                        "repeated": one + one,
                        "reordered": other + one,
                        "longer": record(DATA, os.urandom(16384 + 256)),
                        "plain alert": record(ALERT, b"\2\x28"),
                        "unknown": record(99, b"x" * 40),
                    }[case])
                    if case == "cut":
                        peer.socket.shutdown(socket.SHUT_WR)
                    self.assertTrue(is_closed_by_peer(peer.socket, HEADER_TIMEOUT + 4))

    def test_records_of_the_greatest_length(self):
        padding = b"X-P: " + b"x" * 8000 + b"\r\n"
        for content, status in [
            (REQUEST * (16384 // len(REQUEST)), 200), (REQUEST[:-2] + padding * 4 + b"\r\n", 431), (b"x" * 16384, 501),
        ]:
            with self.subTest(status=status), Peer(self.exporter.port, self.context) as peer:
                peer.send(content)
                self.assertEqual(peer.answers()[0][0], status)


    def test_alerts_of_the_peer(self):
        for content in [b"\1\0", b"\2\0", b"\2\x14", b"\1\x5a", b"\1", b"", b"\1\x5a" * 100]:
            with self.subTest(content=content), plain(self.exporter.port) as peer:
                peer.sendall(record(ALERT, content) * 20)
                self.assertTrue(is_closed_by_peer(peer, HEADER_TIMEOUT + 4))
            whole = hello(self.old_context)
            with self.subTest(content=content, after="hello"), plain(self.exporter.port) as peer:
                peer.sendall(whole + record(ALERT, content) * 20)
                self.assertTrue(is_closed_by_peer(peer, HEADER_TIMEOUT + 4))

    def test_empty_records_without_end(self):
        with Peer(self.exporter.port, self.context) as peer:
            peer.socket.settimeout(HEADER_TIMEOUT + 4)
            with self.assertRaises(OSError):
                for _ in range(1_000_000):
                    peer.socket.sendall(peer.encipher(b""))
                    if select.select([peer.socket], [], [], 0)[0] and not peer.socket.recv(1 << 16):
                        raise ConnectionError


if __name__ == "__main__":
    unittest.main()
