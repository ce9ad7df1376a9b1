"""The fenced blocks of a page, run in their order as somebody would type them, in a folder and against a hub of the test's.

A comment before a block says what is special about it:

    <!-- hub: FLAGS -->    from here on the hub has these flags: another is started in the same folder
    <!-- runs on -->       it does not end: the next hub, or the end of the page, ends it
    <!-- not run: WHY -->  it is left out
    <!-- in: FILE -->      it is what this file of the repository holds
    <!-- prometheus -->    it is a configuration that Prometheus takes

A block of text or JSON says what the block before it prints, where … stands for anything.
"""

import contextlib
import os
import pathlib
import re
import signal
import subprocess
import sys
import textwrap
import time

from support import free_port, surroundings, wait_until

ROOT = pathlib.Path(__file__).resolve().parents[2]
# What asks without changing anything, and so may be asked again until what was reported has come through.
CHANGES = re.compile(r" (-d|-X|--data\S*) ")


class Block:
    def __init__(self, language, text, remarks):
        self.language, self.text, self.remarks = language, text, remarks
        self.output = None

    def remark(self, name):
        """What stands behind a remark's colon; None without the remark."""
        found = [rest for kind, rest in self.remarks if kind == name]
        return found[-1] if found else None


def blocks(page):
    found = []
    # In a list they are indented.
    pattern = r"((?:^<!-- [^\n]* -->\n+)*)^( *)```(\w*)\n(.*?)^ *```\n"
    for match in re.finditer(pattern, page, re.S | re.M):
        remarks = [
            (kind, rest or "")
            for kind, rest in re.findall(r"<!-- ([a-z ]+?)(?:: (.*?))? -->", match[1])
        ]
        block = Block(match[3], textwrap.dedent(match[4]), remarks)
        if block.language in ("text", "json") and not remarks:
            found[-1].output = block.text
        else:
            found.append(block)
    return found


def fits(said, expected):
    """Whether a text is what a page has, where … stands for anything."""
    pattern = ".*".join(re.escape(part) for part in expected.strip().split("…"))
    return re.fullmatch(pattern, said.strip(), re.S) is not None


class Reader:
    """Does what a page says, in a folder; `start` gives a hub that listens on a port and has flags."""

    def __init__(self, folder, start):
        self.folder, self.start = folder, start
        self.port, self.other_port = free_port(), free_port()
        self.running = contextlib.ExitStack()
        tools = pathlib.Path(folder, ".tools")
        tools.mkdir()
        built = pathlib.Path(os.environ["AGENT_EXPORTER"]).parent
        for name in ("agent-hub", "agent-exporter"):
            (tools / name).symlink_to(built / name)
        self.environment = surroundings() | {
            "PATH": f"{tools}:{os.environ['PATH']}",
            "HOME": folder,
            # What runs on beside the hub listens where nothing else does.
            "WEB_LISTEN_ADDRESS": f"127.0.0.1:{self.other_port}",
        }

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.running.close()

    def read(self, block):
        """Runs a block, and returns what is wrong with what it says; nothing if all is well."""
        if (flags := block.remark("hub")) is not None:
            self.running.close()
            self.running.enter_context(self.start(self.port, *flags.split()))
        if block.remark("not run") is not None or (block.remark("runs on") is not None and block.text.startswith("agent-hub -")):
            # The hub that the page starts is the one that runs already.
            return None
        command = self.command(block)
        if block.remark("runs on") is not None:
            self.running.enter_context(running(command, self.folder, self.environment))
            return None
        return self.compare(block, command)

    def command(self, block):
        text = block.text.replace("localhost:8082", f"127.0.0.1:{self.port}")
        if block.language == "python":
            return [sys.executable, "-c", text]
        assert block.language == "sh", f"nobody knows how to run {block.language}"
        return ["bash", "-eu", "-c", text]

    def compare(self, block, command):
        end = time.monotonic() + 5
        while True:
            done = subprocess.run(command, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=60)
            said = done.stdout.replace(f"127.0.0.1:{self.port}", "localhost:8082")
            if done.returncode == 0 and (block.output is None or fits(said, block.output)):
                return None
            if CHANGES.search(block.text) or block.language == "python" or time.monotonic() > end:
                return f"{block.text}\nsaid, with status {done.returncode}:\n{said}\n{done.stderr}\nand not:\n{block.output}"
            time.sleep(0.2)


@contextlib.contextmanager
def running(command, folder, environment):
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield
    finally:
        # At once: a sidecar that is asked politely looks first whether its agent drains.
        os.killpg(process.pid, signal.SIGINT)
        wait_until(lambda: process.poll() is not None, what="what runs on has ended")
