"""Crowds of enemies at the TLS port. Others are served meanwhile, all are closed in time, and nothing of them stays."""

import os
import select
import time
import unittest

from enemies import HEADER_TIMEOUT, SCRAPE, Enemies, hello
from locked import LockedExporter, Peer, plain
from support import FakeAgent, wait_until

# The attack in full is 2,000 peers; where many tests run beside each other, fewer say the same.
PEERS = int(os.environ.get("ATTACK_CONNECTIONS", "500"))


class Crowd(Enemies):
    def open(self, *pieces):
        peers = []
        for _ in range(PEERS):
            peer = plain(self.exporter.port)
            for piece in pieces:
                peer.sendall(piece)
            peers.append(peer)
        return peers

    def test_half_handshakes(self):
        for context in [self.context, self.old_context]:
            with self.subTest(version=context.maximum_version):
                self.beside(lambda: self.open(hello(context)))

    def test_connections_without_a_byte(self):
        self.beside(self.open)

    def test_the_beginning_of_a_handshake(self):
        for length in [1, 5, 100]:
            with self.subTest(length=length):
                self.beside(lambda: self.open(hello(self.context)[:length]))

    def test_a_byte_now_and_then(self):
        """Not even a byte at a time lets anybody stay longer."""
        whole = hello(self.context)

        def attack():
            peers = self.open(whole[:1])
            stays = lambda: time.monotonic() < began + HEADER_TIMEOUT + 4 and not self.are_closed(peers)
            began, place = time.monotonic(), 1
            while stays():
                for peer in peers:
                    try:
                        peer.send(whole[place : place + 1])
                    except OSError:
                        pass
                place += 1
                time.sleep(0.25)
            return peers

        self.beside(attack)

    @staticmethod
    def are_closed(peers):
        watch = select.poll()
        for peer in peers:
            watch.register(peer, select.POLLIN | select.POLLHUP)
        return len(watch.poll(0)) == len(peers)

    def test_handshakes_without_a_request(self):
        """A client that is known to be there gets as long as any."""

        def attack():
            kept = []
            for _ in range(PEERS):
                peer = Peer(self.exporter.port, self.context)
                kept.append(peer.socket)
            return kept

        self.beside(attack)

    def test_beginnings_of_requests(self):
        def attack():
            kept = []
            for _ in range(PEERS // 5):
                peer = Peer(self.exporter.port, self.context)
                peer.send(b"GET / HT")
                kept.append(peer.socket)
            return kept

        self.beside(attack)


class Unread(Enemies):
    """Answers of 2 MB, of which nothing is read."""

    # Some such answers, however often it is done.
    growth = 20 << 10

    @classmethod
    def start(cls, web, flags):
        agent = cls.enterClassContext(FakeAgent(b'{"agentStatus":"RUNNING","activeTaskCount":1}'))
        long = [f"--agent.gauge=app_long_{number}=activeTaskCount:{'x' * 100_000}" for number in range(20)]
        return LockedExporter(web, agent.url, *flags, *long, "--agent.poll-interval=1s", context=cls.context)

    def test_peers_that_stop_reading(self):
        def attack():
            kept = []
            for _ in range(PEERS // 10):
                peer = Peer(self.exporter.port, self.context)
                peer.send(SCRAPE * 5)
                kept.append(peer.socket)
            # Nothing is read of it before it has been closed.
            wait_until(lambda: self.exporter.descriptors <= self.descriptors + 2, 15, "they are cut")
            return kept

        self.beside(attack)


if __name__ == "__main__":
    unittest.main()
