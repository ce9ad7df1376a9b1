"""What the tests of locks share: an authority as docs/security.md makes one, and exporters that are locked."""

import os
import pathlib
import re
import socket
import ssl
import tempfile
import urllib.error
import urllib.request

from support import BINARY, DOCS, Process, free_port, run, wait_until

SECURITY = DOCS / "security.md"


def block(name, page=SECURITY):
    """The fenced block of a page that follows on the comment `<!-- test: NAME -->`."""
    found = re.findall(rf"<!-- test: {re.escape(name)} -->\n+```\w+\n(.*?)```", page.read_text(), re.S)
    assert len(found) == 1, f"{len(found)} blocks named {name} in {page.name}"
    return found[0]


def shell(text, folder, **variables):
    """What bash prints that runs a block in a folder, where the exporter is on the PATH; a command that fails ends it."""
    tools = pathlib.Path(folder, ".tools")
    tools.mkdir(exist_ok=True)
    if not (tools / "agent-exporter").exists():
        (tools / "agent-exporter").symlink_to(BINARY)
    surroundings = os.environ | {"PATH": f"{tools}:{os.environ['PATH']}"} | variables
    return run("bash", "-euo", "pipefail", "-c", text, cwd=folder, env=surroundings)


def secure(authority):
    """What a scrape job of Prometheus has besides, for an exporter whose certificate this authority has signed."""
    return {"scheme": "https", "tls_config": {"ca_file": authority.path("ca.crt")}}


class Authority:
    """A folder with ca.crt and ca.key, and what they sign; gone when it is closed."""

    def __init__(self):
        self.directory = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.directory.name)
        self.shell(block("authority"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.directory.cleanup()

    def shell(self, text, **variables):
        return shell(text, self.folder, **variables)

    def write(self, name, text):
        (self.folder / name).write_text(text)

    def path(self, name):
        return str(self.folder / name)

    def issue(self, name, days=90, host="localhost"):
        """NAME.crt and NAME.key, as the page has it for a server."""
        text = block("server certificate").replace("server.", f"{name}.").replace("-days 90", f"-days {days}")
        self.shell(text.replace("/CN=localhost", f"/CN={host}").replace("DNS:localhost", f"DNS:{host}"))

    def assert_taken(self, configuration):
        with Locked(self, configuration):
            pass

    def context(self, client=None):
        context = ssl.create_default_context(cafile=self.path("ca.crt"))
        if client:
            context.load_cert_chain(self.path(f"{client}.crt"), self.path(f"{client}.key"))
        return context


class Locked(Process):
    """A demo with a web configuration file, which is listening; its port is `port`."""

    def __init__(self, authority, configuration, *flags):
        self.authority, self.port = authority, free_port()
        super().__init__(
            BINARY,
            "demo",
            f"--web.listen-address=127.0.0.1:{self.port}",
            f"--web.config.file={authority.path(configuration)}",
            *flags,
        )
        try:
            wait_until(self.is_listening, what="it listens")
        except AssertionError:
            self.__exit__()
            raise

    def __exit__(self, *details):
        # It would look for five seconds whether its agent is shutting down, too.
        self.process.kill()
        super().__exit__(*details)

    def is_listening(self):
        if self.process.poll() is not None:
            raise AssertionError(self.output)
        try:
            socket.create_connection(("127.0.0.1", self.port)).close()
            return True
        except ConnectionRefusedError:
            return False

    def status(self, path="/metrics", client=None, method="GET", scheme="https", **fields):
        """The status of an answer, or the name of the error that there is instead."""
        request = urllib.request.Request(f"{scheme}://localhost:{self.port}{path}", method=method)
        for name, value in fields.items():
            request.add_header(name.replace("_", "-"), value)
        try:
            with urllib.request.urlopen(request, timeout=5, context=self.authority.context(client)) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            error.close()
            return error.code
        except OSError as error:
            return type(getattr(error, "reason", error)).__name__
