"""The load tester, as a person and as a script use it, against the exporter."""

import json
import os
import pty
import re
import select
import signal
import socket
import subprocess
import time
import unittest

from support import BINARY, Exporter, free_port, surroundings

LOADTEST = os.path.join(os.path.dirname(BINARY), "loadtest")
PAGE = os.path.join(os.path.dirname(__file__), "../../docs/loadtest.md")
QUICK = ["--rate=200", "--duration=500ms", "--warmup=0s"]


def loadtest(*arguments, seconds=30, stdin=None):
    return subprocess.run([LOADTEST, *arguments], capture_output=True, env=surroundings(), timeout=seconds, input=stdin)


class LoadTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.exporter = Exporter("http://127.0.0.1:1/").__enter__()
        cls.url = f"http://127.0.0.1:{cls.exporter.port}/metrics"

    @classmethod
    def tearDownClass(cls):
        cls.exporter.__exit__()

    def test_piped_output_is_plain_text(self):
        run = loadtest(self.url, *QUICK, "--validate=parse", "--expect-errors=0")
        self.assertEqual((run.returncode, run.stderr), (0, b""))
        text = run.stdout.decode()
        self.assertRegex(text, r"answers +100 ")
        self.assertRegex(text, r"latency +p50 .* p90 .* p99 .* p99.9 .* max ")
        self.assertNotRegex(text, r"[\r\x1b]")

    def test_a_terminal_shows_progress(self):
        terminal, end = pty.openpty()
        run = subprocess.Popen(
            [LOADTEST, self.url, *QUICK, "--duration=1s"], stdout=subprocess.PIPE, stderr=end, env=surroundings()
        )
        os.close(end)
        self.addCleanup(os.close, terminal)
        output, _ = run.communicate(timeout=30)
        shown = b""
        while select.select([terminal], [], [], 0)[0]:
            try:
                shown += os.read(terminal, 65536)
            except OSError:
                break
        self.assertRegex(shown.decode(), r"\[#+-*\] +\d+ %  \d\.\d s  [\d,.]+/s  [\d,]+ answers  0 errors")
        # It is gone when the result comes.
        self.assertTrue(shown.endswith(b"\r\x1b[K"))
        self.assertIn(b"answers", output)
        self.assertEqual(run.returncode, 0)

    def test_json_has_the_documented_keys(self):
        run = loadtest(self.url, *QUICK, "--json", "--expect-p99=10s", "--expect-errors=0", "--scrapers=5")
        self.assertEqual(run.returncode, 2, "scrapers and a rate exclude each other")
        run = loadtest(self.url, *QUICK, "--json", "--expect-p99=10s", "--expect-errors=0")
        self.assertEqual(run.returncode, 0, run.stderr)
        result = json.loads(run.stdout)
        self.assertEqual((result["answers"], result["errors"]["total"], result["ok"]), (100, 0, True))
        latency = result["latency_seconds"]
        order = [latency[name] for name in ("min", "p50", "p90", "p99", "p999", "max")]
        self.assertEqual(order, sorted(order))
        with open(PAGE) as page:
            documented = set(re.findall(r"^\| `([a-z0-9_.]+)`", page.read(), re.MULTILINE))
        names = set()
        for key, value in result.items():
            value = value[0] if isinstance(value, list) else value
            names |= {f"{key}.{inner}" for inner in value} if isinstance(value, dict) else {key}
        self.assertEqual(names, documented)

    def test_what_was_expected_decides_the_exit_status(self):
        missing = f"http://127.0.0.1:{self.exporter.port}/missing"
        for arguments, status in [
            ([self.url, "--expect-p99=10s"], 0),
            ([self.url, "--expect-p99=1us"], 1),
            ([missing, "--expect-errors=0"], 1),
            ([missing], 1),
            ([f"http://127.0.0.1:{free_port()}/"], 1),
            (["http://nobody.invalid/"], 1),
        ]:
            with self.subTest(arguments=arguments):
                self.assertEqual(loadtest(*arguments, *QUICK).returncode, status)

    def test_wrong_arguments_are_said_in_a_line(self):
        for arguments, words in [
            ([self.url, "--rate=fast"], ["--rate", '"fast"', "max", "1000000"]),
            ([self.url, "--profil=curl"], ["--profil", "did you mean --profile?"]),
            ([], ["URL"]),
            (["ftp://a/"], ['"ftp://a/"', "http://"]),
            (["-x", self.url], ["-x"]),
            ([self.url, "-n", "0"], ["--requests", '"0"', "1000000000"]),
            ([self.url, "--method=BREW"], ["--method", '"BREW"', "GET, HEAD, POST"]),
            ([self.url, "--body-file=/nowhere"], ["--body-file", '"/nowhere"', "16777216", "No such file"]),
            ([self.url, "--token-file=/nowhere"], ["--token-file", '"/nowhere"', "65536", "No such file"]),
            ([self.url, "--user=a:b", "--token-file=c"], ["--user", "--token-file", "exclude each other"]),
            ([self.url, self.url, "--connections=1"], ["2 URLs", "--connections=1"]),
        ]:
            with self.subTest(arguments=arguments):
                run = loadtest(*arguments)
                self.assertEqual((run.returncode, run.stdout), (2, b""))
                self.assertEqual(run.stderr.count(b"\n"), 1)
                for word in words:
                    self.assertIn(word, run.stderr.decode())

    def test_more_connections_than_the_machine_allows_are_no_errors_of_the_server(self):
        limit = ["prlimit", "--nofile=64:64"]
        for flags, status in [(["--connections=32"], 0), (["--connections=32", "--slow-readers=32"], 2), (["--connections=65"], 2)]:
            with self.subTest(flags=flags):
                run = subprocess.run([*limit, LOADTEST, self.url, *QUICK, *flags], capture_output=True, env=surroundings())
                self.assertEqual(run.returncode, status, run.stderr)
                self.assertEqual(b"open files, and this process may have 64" in run.stderr, status == 2)

    def test_an_interrupted_run_says_what_it_has_measured(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            run = subprocess.Popen(
                [LOADTEST, self.url, "--rate=200", "--duration=60s", "--warmup=0s"],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=surroundings(),
            )
            time.sleep(1)
            asked = time.monotonic()
            run.send_signal(number)
            output, errors = run.communicate(timeout=10)
            self.assertLess(time.monotonic() - asked, 5)
            # As what a signal has ended, whatever was expected.
            self.assertEqual((run.returncode, errors), (128 + number, b""))
            self.assertRegex(output.decode(), r"interrupted; measured for \d\.\d+ s\n")
            answers = int(re.search(r"answers +([\d,]+)", output.decode())[1].replace(",", ""))
            self.assertTrue(20 <= answers <= 1200, answers)
            self.assertRegex(output.decode(), r"errors +0\n")

    def test_an_interruption_does_not_wait_for_a_server_that_hangs(self):
        # In the measurement, and behind it, while the last answers are waited for.
        for duration in ("10s", "100ms"):
            with self.subTest(duration=duration), socket.create_server(("127.0.0.1", 0)) as silent:
                url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
                run = subprocess.Popen(
                    [LOADTEST, url, "--rate=max", "--warmup=0s", f"--duration={duration}"],
                    stdout=subprocess.PIPE,
                    env=surroundings(),
                )
                time.sleep(0.5)
                run.send_signal(signal.SIGINT)
                output, _ = run.communicate(timeout=5)
                self.assertEqual(run.returncode, 130)
                self.assertRegex(output.decode(), r"interrupted; measured for \d\.\d\d s\nanswers +0 ")
                # What was under way is given up, which is nobody's error.
                self.assertRegex(output.decode(), r"errors +0\n")

    def test_an_interruption_is_in_json(self):
        arguments = [self.url, "--rate=200", "--duration=60s", "--warmup=0s", "--json", "--expect-errors=0"]
        run = subprocess.Popen([LOADTEST, *arguments], stdout=subprocess.PIPE, env=surroundings())
        time.sleep(0.5)
        run.send_signal(signal.SIGTERM)
        result = json.loads(run.communicate(timeout=10)[0])
        self.assertEqual((result["interrupted"], result["ok"], run.returncode), (True, False, 143))
        self.assertLess(result["measured_seconds"], 10)

    def test_the_histogram_holds_every_answer(self):
        result = json.loads(loadtest(self.url, *QUICK, "--json").stdout)
        ranges = result["latency_histogram"]
        self.assertEqual(sum(each["count"] for each in ranges), 100)
        bounds = [each["below_seconds"] for each in ranges if each["below_seconds"] is not None]
        self.assertEqual(bounds, sorted(set(bounds)))
        self.assertLessEqual(len(ranges), 25)
        longest = result["latency_seconds"]["max"]
        self.assertTrue(longest <= bounds[-1] * 1.01 or ranges[-1]["below_seconds"] is None, (longest, bounds))

    def test_help_and_version(self):
        self.assertIn(b"--expect-p99=DURATION", loadtest("--help").stdout)
        self.assertRegex(loadtest("--version").stdout.decode(), r"^loadtest \d+\.\d+\.\d+ ")


if __name__ == "__main__":
    unittest.main()
