"""What tests of enemies at the TLS port share: somebody who is served meanwhile, and a look at what has stayed of them."""

import select
import ssl
import threading
import time
import unittest

from certificates import Certificates
from locked import LockedExporter, Peer, WebFile, shows, trusting
from support import is_sanitized, wait_until

# In seconds.
HEADER_TIMEOUT = 2.0
# In seconds, as Python sees it while it attacks on the same processors.
PROMISED = 2.0 if is_sanitized() else 0.2
SCRAPE = b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Visitor(threading.Thread):
    """Scrapes over the connection that it has, and again and again over a new one, and keeps how long each took.

    A handshake under way may have to make room for others, as theirs have; then it tries again.
    """

    def __init__(self, port, context):
        super().__init__()
        self.port, self.context = port, context
        self.kept, self.new, self.evictions, self.goes_on, self.problem = [], [], 0, True, None

    def run(self):
        try:
            with Peer(self.port, self.context) as peer:
                while self.goes_on:
                    self.scrape(peer, self.kept)
                    self.come_anew()
                    time.sleep(0.01)
        except Exception as problem:
            self.problem = problem

    def come_anew(self):
        began = time.monotonic()
        try:
            with Peer(self.port, self.context) as other:
                self.scrape(other, self.new, began)
        except ConnectionError:
            self.evictions += 1

    @staticmethod
    def scrape(peer, times, began=None):
        began = began or time.monotonic()
        peer.send(SCRAPE)
        assert peer.answers()[0][0] == 200
        times.append(time.monotonic() - began)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.goes_on = False
        self.join()


def hello(context):
    """A whole ClientHello, of nobody else."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    try:
        context.wrap_bio(incoming, outgoing, server_hostname="127.0.0.1").do_handshake()
    except ssl.SSLWantReadError:
        return outgoing.read()
    raise AssertionError("there is nobody yet to shake hands with")


class Enemies(unittest.TestCase):
    """An exporter behind TLS that has to be afterwards what it was before."""

    # In kilobytes: what a crowd may leave of itself in the allocator.
    growth = 8 << 10

    @classmethod
    def setUpClass(cls):
        cls.pki = cls.enterClassContext(Certificates())
        cls.context = trusting(cls.pki.authority)
        cls.old_context = trusting(cls.pki.authority, version=ssl.TLSVersion.TLSv1_2)
        web = cls.enterClassContext(WebFile(tls_server_config=shows(cls.pki.server)))
        flags = [f"--web.header-timeout={HEADER_TIMEOUT}", "--web.write-timeout=2s", "--web.idle-timeout=3s"]
        cls.exporter = cls.enterClassContext(cls.start(web, flags))
        # Buffers are as large as they will be.
        with Visitor(cls.exporter.port, cls.context) as visitor:
            wait_until(lambda: len(visitor.new) > 20)

    @classmethod
    def start(cls, web, flags):
        return LockedExporter(web, "http://127.0.0.1:1/", *flags, context=cls.context)

    def setUp(self):
        self.exporter.settles(12)
        self.descriptors, self.memory = self.exporter.descriptors, self.exporter.resident_kilobytes

    def tearDown(self):
        """Whatever was done to it: it answers, and is as it was."""
        self.assertIsNone(self.exporter.process.poll(), self.exporter.log)
        self.assertEqual(self.exporter.status("/healthz"), 200)
        self.exporter.settles(self.descriptors)
        calm = lambda: is_sanitized() or self.exporter.resident_kilobytes < self.memory + self.growth
        wait_until(calm, 10, f"memory returns from {self.exporter.resident_kilobytes} to {self.memory} kB")
        print(f"  {self._testMethodName}: from {self.memory} to {self.exporter.resident_kilobytes} kB,"
              f" {self.exporter.descriptors} descriptors")

    def assert_closed(self, peers, seconds):
        """All of them, by the other side."""
        end, watch = time.monotonic() + seconds, select.poll()
        left = {peer.fileno(): peer for peer in peers}
        for number in left:
            watch.register(number, select.POLLIN | select.POLLHUP)
        while left and time.monotonic() < end:
            for number, _ in watch.poll(100):
                try:
                    over = not left[number].recv(1 << 16)
                except OSError:
                    over = True
                if over:
                    watch.unregister(number)
                    left.pop(number).close()
        self.assertEqual(len(left), 0, f"still open after {seconds} s")

    def beside(self, attack, seconds=HEADER_TIMEOUT + 6):
        """An attack returns its sockets, which are watched until the last of them is closed; others are served all the time."""
        with Visitor(self.exporter.port, self.context) as visitor:
            wait_until(lambda: visitor.new or visitor.problem)
            before = len(visitor.new)
            peers = attack()
            highest = self.exporter.resident_kilobytes
            self.assert_closed(peers, seconds)
            wait_until(lambda: len(visitor.new) > before or visitor.problem)
        self.assertIsNone(visitor.problem)
        kept, new = sorted(visitor.kept), sorted(visitor.new)
        self.assertLess(visitor.evictions, len(new))
        print(f"  {self._testMethodName}: {len(peers)} peers, {len(kept)} scrapes, p99 {kept[len(kept) * 99 // 100] * 1e3:.1f} ms;"
              f" {len(new)} with a handshake, p99"
              f" {new[len(new) * 99 // 100] * 1e3:.1f} ms, {visitor.evictions} made room; {highest} kB")
        self.assertLess(kept[len(kept) * 9 // 10], PROMISED)
        # One that comes behind a crowd waits until each of them has had its turn.
        self.assertLess(new[len(new) // 2], PROMISED)
