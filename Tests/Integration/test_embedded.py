"""Examples/Embedded, run as the page about it says."""

import os
import pathlib
import subprocess
import unittest
import urllib.error
import urllib.request

from support import free_port, wait_until

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ["AGENT_EXPORTER"]).with_name("embedded")


class EmbeddedTests(unittest.TestCase):
    def test_the_page_shows_the_program(self):
        source = (ROOT / "Examples/Embedded/main.swift").read_text()
        self.assertLessEqual(len(source.splitlines()), 10)
        self.assertIn(f"```swift\n{source}```", (ROOT / "docs/embedding.md").read_text())

    def test_it_counts_what_it_reads_while_it_is_scraped(self):
        port = free_port()
        with subprocess.Popen([PROGRAM, f"127.0.0.1:{port}"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as program:
            try:
                program.stdin.write(b"a\nb\nc\n")
                program.stdin.flush()
                wait_until(lambda: "\nlines_total 3\n" in get(port, "/metrics"), what="three lines that are counted")
                self.assertEqual(get(port, "/healthz"), '{"status":"ok","ready":true}\n')
                program.stdin.close()
                self.assertEqual(program.wait(10), 0)
            finally:
                program.kill()


def get(port, path):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.read().decode()
    except ConnectionRefusedError:
        return ""
    except urllib.error.URLError as error:
        if isinstance(error.reason, ConnectionRefusedError):
            return ""
        raise


if __name__ == "__main__":
    unittest.main()
