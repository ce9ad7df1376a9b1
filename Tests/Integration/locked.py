"""An exporter behind a web configuration file, and peers that speak TLS with it: as clients do, and record by record."""

import base64
import ctypes
import hashlib
import http.client
import json
import os
import signal
import socket
import ssl
import subprocess
import tempfile

from support import Answer, Exporter, wait_until

REQUEST = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
LAST_REQUEST = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


def bcrypt(password, cost=4):
    """As htpasswd makes it, of which not every machine has one."""
    crypt = ctypes.CDLL("libcrypt.so.1").crypt
    crypt.restype = ctypes.c_char_p
    return crypt(password.encode(), f"$2b${cost:02}$abcdefghijklmnopqrstuu".encode()).decode()


def basic(user, password):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def bearer(token):
    return f"Bearer {token}"


TOKENS = {scope: f"{scope}-0123456789abcdefghijklmnopqrstuv" for scope in ["read", "write", "admin"]}


def token(name, *scopes):
    return {"name": name, "sha256": hashlib.sha256(TOKENS[name].encode()).hexdigest(), "scopes": list(scopes or [name])}


def shows(pair):
    """The part of a web configuration file that shows a certificate."""
    return {"cert_file": pair.certificate, "key_file": pair.key}


class WebFile:
    """A web configuration file, in a directory that is gone when this is closed."""

    def __init__(self, text="", **settings):
        self.directory = tempfile.TemporaryDirectory(prefix="web-")
        self.path = os.path.join(self.directory.name, "web.yml")
        self.write(text, **settings)

    def write(self, text="", **settings):
        """Exchanges it whole. JSON is YAML, too."""
        with open(self.path + ".new", "w") as file:
            file.write(text or json.dumps(settings, indent=1))
        os.rename(self.path + ".new", self.path)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.directory.cleanup()


class LockedExporter(Exporter):
    """It is asked with a TLS context where it encrypts, and with credentials where it wants some."""

    def __init__(self, web, url="http://127.0.0.1:1/", *flags, context=None, authorization=None, environment=None):
        self.context, self.authorization = context, authorization
        self.web = web
        super().__init__(url, f"--web.config.file={web.path}", *flags, environment=environment)

    def connect(self):
        if self.context:
            return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=10, context=self.context)
        return super().connect()

    def get(self, path="/metrics", method="GET", headers=None, body=None, authorization=None):
        authorization = authorization or self.authorization
        own = {"Authorization": authorization} if authorization else {}
        return super().get(path, method, own | (headers or {}), body)

    def status(self, *arguments, **others):
        return self.get(*arguments, **others).status

    def reload(self, succeeds=True):
        """By a hangup, until the log says what came of it."""
        words = "configuration has been read again" if succeeds else "configuration cannot be read again"
        before = self.log.count(words)
        self.signal(signal.SIGHUP)
        wait_until(lambda: self.log.count(words) > before, what=f"the log says: {words}")

    @property
    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def settles(self, descriptors, seconds=15):
        """Until it has no more open descriptors than that."""
        wait_until(lambda: self.descriptors <= descriptors, seconds, f"{descriptors} descriptors")


def trusting(authority, client=None, version=None):
    """What a client that believes an authority connects with; `client` is the pair that it shows."""
    context = ssl.create_default_context(cafile=authority.certificate)
    if client:
        context.load_cert_chain(client.certificate, client.key)
    if version:
        context.minimum_version = context.maximum_version = version
    return context


def s_client(port, *arguments, sends=LAST_REQUEST, seconds=20):
    """What `openssl s_client` prints, and what it is answered. It stays until the server ends the connection."""
    command = ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-servername", "localhost", "-ign_eof", *arguments]
    run = subprocess.run(command, input=sends, capture_output=True, timeout=seconds)
    return (run.stdout + run.stderr).decode(errors="replace")


def curl(port, *arguments, path="/healthz"):
    """The exit status of curl, and what it prints."""
    run = subprocess.run(
        ["curl", "--silent", "--show-error", "--max-time", "10", f"https://localhost:{port}{path}", *arguments],
        capture_output=True,
        text=True,
    )
    return run.returncode, run.stdout + run.stderr


def plain(port):
    return socket.create_connection(("127.0.0.1", port), 10)


class Peer:
    """A client that has what it sends and receives in its own hands: enciphered bytes, before a socket takes them."""

    def __init__(self, port, context, session=None, handshakes=True):
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.incoming, self.outgoing, server_hostname="127.0.0.1", session=session)
        self.socket = plain(port)
        try:
            if handshakes:
                self.handshake()
        except OSError:
            self.socket.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    @property
    def hello(self):
        """The first flight, which has not been sent."""
        try:
            self.tls.do_handshake()
        except ssl.SSLWantReadError:
            return self.outgoing.read()
        raise AssertionError("there is nobody yet to shake hands with")

    def handshake(self):
        self.complete(self.tls.do_handshake)

    def complete(self, call, *arguments):
        """Calls until the socket has brought what it needs."""
        while True:
            try:
                result = call(*arguments)
                self.flush()
                return result
            except ssl.SSLWantReadError:
                self.flush()
                if received := self.socket.recv(1 << 16):
                    self.incoming.write(received)
                else:
                    self.incoming.write_eof()

    def flush(self):
        if enciphered := self.outgoing.read():
            self.socket.sendall(enciphered)

    def encipher(self, text):
        """One record for each 16 KiB of text."""
        self.tls.write(text)
        return self.outgoing.read()

    def send(self, text):
        self.socket.sendall(self.encipher(text))

    def say_goodbye(self):
        """close_notify; what the server still has to say can be read."""
        try:
            self.tls.unwrap()
        except ssl.SSLWantReadError:
            pass
        self.flush()

    def receive(self, count=1 << 16):
        """b"" is the end, which TLS has said."""
        try:
            return self.complete(self.tls.read, count)
        except ssl.SSLZeroReturnError:
            return b""

    def receive_all(self):
        received = b""
        while piece := self.receive():
            received += piece
        return received

    def answers(self, count=1):
        """Statuses and bodies of so many answers, whole."""
        found, rest, needed = [], bytearray(), 0
        while len(found) < count:
            if len(rest) >= needed and (end := rest.find(b"\r\n\r\n")) >= 0:
                head = bytes(rest[:end])
                needed = end + 4 + int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
                if len(rest) >= needed:
                    found.append((int(head.split()[1]), bytes(rest[end + 4 : needed])))
                    del rest[:needed]
                    needed = 0
                    continue
            if not (piece := self.receive()):
                raise AssertionError(f"the connection has ended after {len(found)} answers and {bytes(rest[:200])}")
            rest += piece
        return found


def is_closed_by_peer(peer, seconds=10):
    """Whether the other side ends or cuts the connection, whatever it says before."""
    peer.settimeout(seconds)
    try:
        while peer.recv(1 << 16):
            pass
    except TimeoutError:
        return False
    except OSError:
        pass
    return True
