"""What the integration tests share: the exporter under test, agents that say anything, and a small HTTP client.

Everything listens on the loopback and ends with the test that started it. AGENT_EXPORTER is the path of the binary.
"""

import http.client
import json
import os
import signal
import socket
import socketserver
import subprocess
import tempfile
import threading
import time

BINARY = os.environ["AGENT_EXPORTER"]

# Whoever started this may hold signals back, or ignore them, and programs that are started here would do the same.
signal.pthread_sigmask(signal.SIG_SETMASK, ())
signal.signal(signal.SIGINT, signal.default_int_handler)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, seconds=10, what="the condition"):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        result = condition()
        if result:
            return result
        time.sleep(0.01)
    raise AssertionError(f"{what} did not come true in {seconds} s")


def surroundings():
    """What a run may see of our environment: what sanitizers and coverage need, and nothing that would configure it."""
    names = ("PATH", "LLVM_PROFILE_FILE", "TSAN_OPTIONS", "ASAN_OPTIONS")
    return {name: os.environ[name] for name in names if name in os.environ}


def is_sanitized():
    """Sanitizers have threads and memory of their own, so neither is counted with them."""
    with open(BINARY, "rb") as file:
        symbols = file.read()
    return b"__tsan_init" in symbols or b"__asan_init" in symbols


def run(*arguments, environment=None, limit=None):
    """A run to its end; `limit` is that of open files."""
    command = [BINARY, *arguments]
    if limit:
        command = ["bash", "-c", f'ulimit -n {limit}; exec "$@"', "bash", *command]
    clean = surroundings() | (environment or {})
    return subprocess.run(command, capture_output=True, text=True, timeout=20, env=clean)


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.bytes = response.read()

    @property
    def text(self):
        return self.bytes.decode()


class Program:
    """A run of the binary, with its log kept in a file."""

    def __init__(self, *arguments, environment=None, binary=BINARY):
        self.log_file = tempfile.TemporaryFile()
        clean = surroundings()
        self.process = subprocess.Popen(
            [binary, *arguments], stdout=self.log_file, stderr=self.log_file, env=clean | (environment or {})
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        # As an operator would, so that ending is tested every time.
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"it did not end: {self.log}") from None
        self.log_file.close()

    @property
    def log(self):
        # pread, because the child writes by the same open file.
        return os.pread(self.log_file.fileno(), 1 << 20, 0).decode()

    def wait(self, seconds=10):
        return self.process.wait(seconds)

    def signal(self, number):
        self.process.send_signal(number)

    @property
    def threads(self):
        return len(os.listdir(f"/proc/{self.process.pid}/task"))

    @property
    def resident_kilobytes(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


class Server(Program):
    """A run that listens on `port` of the loopback."""

    def is_listening(self):
        assert self.process.poll() is None, f"it ended: {self.log}"
        return is_listening(self.port)

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)

    def get(self, path="/metrics", method="GET", headers=None, body=None):
        connection = self.connect()
        try:
            connection.request(method, path, headers=headers or {}, body=body)
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def exchange(self, text):
        """The status of the answer to raw bytes."""
        with socket.create_connection(("127.0.0.1", self.port), 10) as peer:
            peer.sendall(text.encode())
            return int(peer.makefile("rb").readline().split()[1])


class Exporter(Server):
    """The exporter, polling quickly unless it is told otherwise, ready to be asked when this returns."""

    def __init__(self, url, *flags, environment=None, ready=True):
        self.port = free_port()
        quick = ["--agent.poll-interval=20ms", "--agent.backoff-initial=50ms", "--agent.backoff-max=100ms"]
        address = [] if environment and "PORT" in environment else [f"--web.listen-address=127.0.0.1:{self.port}"]
        if environment and "PORT" in environment:
            self.port = int(environment["PORT"])
        target = [f"--agent.url={url}"] if url else []
        super().__init__(*target, *quick, *address, *flags, environment=environment)
        if ready:
            wait_until(self.is_listening, what="the exporter listens")

    @property
    def samples(self):
        """Every line of /metrics that is no comment, by what stands before its value."""
        lines = self.get().text.splitlines()
        return dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))

    def wait_for(self, series, value, seconds=10):
        """Until a series has a value; None waits until there is no such series."""
        return wait_until(lambda: self.samples.get(series) == value, seconds, f"{series} = {value}")

    @property
    def health(self):
        return json.loads(self.get("/healthz").text)


class FakeAgent:
    """Answers every request with the bytes that it was given last. `answer` may also be a function of the socket."""

    def __init__(self, body=b"{}"):
        self.answer = self.ok(body)
        agent = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                while True:
                    line = self.rfile.readline()
                    if not line:
                        return
                    while line not in (b"\r\n", b""):
                        line = self.rfile.readline()
                    answer = agent.answer
                    if callable(answer):
                        return answer(self.request)
                    self.wfile.write(answer)

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True

            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/actuator/info"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @staticmethod
    def ok(body, status="200 OK"):
        head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        return head.encode() + body

    def say(self, body, status="200 OK"):
        self.answer = self.ok(body if isinstance(body, bytes) else json.dumps(body).encode(), status)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def is_listening(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


def change(port, **settings):
    """What a simulated agent is to do from now on, said to its own or its control port."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("POST", "/simulate", body=json.dumps(settings))
        return Answer(connection.getresponse())
    finally:
        connection.close()


class SimulatedAgent(Program):
    """The binary's own agent, whose faults can be changed while it runs."""

    def __init__(self, *flags):
        self.port, self.control = free_port(), free_port()
        super().__init__(
            "simulate-agent",
            f"--simulate.listen-address=127.0.0.1:{self.port}",
            f"--simulate.control-address=127.0.0.1:{self.control}",
            *flags,
        )
        self.url = f"http://127.0.0.1:{self.port}/actuator/info"
        wait_until(self.is_listening, what="the simulated agent listens")

    def is_listening(self):
        return is_listening(self.control)

    def change(self, **settings):
        return change(self.control, **settings)
