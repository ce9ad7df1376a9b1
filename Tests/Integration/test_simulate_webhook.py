"""`agent-exporter simulate-webhook` against receivers that verify with Python's own hmac, count, and misbehave."""

import hashlib
import hmac
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import unittest

from certificates import Certificates
from pages import ROOT, blocks, fits
from receivers import SECRET, Receiver
from support import BINARY, Program, run, surroundings, wait_until

PAGE = ROOT / "docs/webhooks.md"


def send(receiver, *flags, secret=SECRET, environment=None):
    """The exit status, and the summary as JSON."""
    operands = [receiver.url] + ([secret] if secret else [])
    done = run("simulate-webhook", *operands, "--json", *flags, environment=environment)
    assert done.returncode in (0, 1), done.stderr
    return done.returncode, json.loads(done.stdout), done


class Sending(unittest.TestCase):
    def agree(self, summary, receiver):
        """The summary says what the receiver has counted, to the last one."""
        answered = {str(status): receiver.count(status) for status in set(receiver.statuses) if status}
        self.assertEqual(summary["statuses"], answered)
        self.assertEqual(summary["sent"], len(receiver.statuses))
        self.assertEqual(summary["unanswered"], receiver.count(None))
        self.assertEqual(summary["bytes"], receiver.bytes)
        outcomes = [summary[name] for name in ("accepted", "refused", "failed", "unanswered")]
        self.assertEqual(sum(outcomes), summary["sent"])

    def test_the_command_of_the_documentation(self):
        with Receiver() as receiver:
            done = run("simulate-webhook", receiver.url, SECRET, "--count", "5")
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertEqual(receiver.statuses, [200] * 5)
            self.assertIn("accepted 5, refused because the signature was bad 0, failed 0, unanswered 0", done.stdout)
            self.assertIn("status    200: 5", done.stdout)
            self.assertIn("expected  every one came out as it was meant", done.stdout)
            self.assertEqual(done.stderr, "")
            self.assertEqual({event["event"] for event in receiver.events}, {"ticket_created"})
            self.assertEqual(len({event["id"] for event in receiver.events}), 5)
            self.assertTrue(all("ticket" in event["details"] for event in receiver.events))
            self.assertEqual({head["Content-Type"] for head in receiver.heads}, {"application/json"})

    def test_bad_signatures_are_refused_and_exactly_as_many_as_were_asked_for(self):
        with Receiver() as receiver:
            status, summary, _ = send(receiver, "--count=300", "--bad-signatures=20", "--connections=4")
            self.assertEqual(status, 0)
            self.assertEqual((summary["accepted"], summary["refused"]), (240, 60))
            self.assertEqual(receiver.count(401), 60)
            self.agree(summary, receiver)

    def test_a_receiver_that_takes_everything_is_found_out(self):
        with Receiver(judge=lambda body, header: 200) as receiver:
            status, summary, _ = send(receiver, "--count=100", "--bad-signatures=10")
            self.assertEqual(status, 1)
            self.assertEqual(summary["unexpected"]["badly_signed_not_refused"], 10)

    def test_failures_are_asked_for_in_the_body_and_expected(self):
        play = lambda event, number: 503 if event.get("simulate") == "failure" else 200
        with Receiver(play) as receiver:
            status, summary, _ = send(receiver, "--count=200", "--failures=25", "--bad-signatures=5")
            self.assertEqual(status, 0)
            self.assertEqual((summary["failed"], summary["refused"], summary["accepted"]), (50, 10, 140))
            self.agree(summary, receiver)

    def test_a_503_that_nobody_asked_for_is_a_failure(self):
        with Receiver(lambda event, number: 503 if number % 10 == 0 else 200) as receiver:
            status, summary, _ = send(receiver, "--count=100")
            self.assertEqual(status, 1)
            self.assertEqual((summary["failed"], summary["unexpected"]["failed"]), (10, 10))
            self.agree(summary, receiver)

    def test_another_secret_is_told_as_what_it_is(self):
        with Receiver() as receiver:
            done = run("simulate-webhook", receiver.url, "anotherkey", "--count=3")
            self.assertEqual(done.returncode, 1)
            self.assertIn("NOT MET: 3 with a good signature refused", done.stdout)
            self.assertEqual(receiver.statuses, [401] * 3)

    def test_connections_that_break_are_unanswered_and_nothing_is_sent_twice(self):
        with Receiver(lambda event, number: None if number % 7 == 0 else 200) as receiver:
            status, summary, done = send(receiver, "--count=140", "--connections=3")
            self.assertEqual(status, 1)
            self.assertEqual(summary["unanswered"], 20)
            self.agree(summary, receiver)
            self.assertEqual(len({event["id"] for event in receiver.events}), 140)
            self.assertIn("a webhook had no answer", done.stderr)

    def test_a_receiver_that_closes_after_each_answer_gets_all(self):
        with Receiver(protocol="HTTP/1.0") as receiver:
            status, summary, _ = send(receiver, "--count=100", "--connections=2")
            self.assertEqual(status, 0)
            self.agree(summary, receiver)

    def test_a_receiver_that_hangs_is_not_waited_for_longer_than_the_timeout(self):
        release = threading.Event()
        with Receiver(lambda event, number: release.wait(20) and None) as receiver:
            status, summary, _ = send(receiver, "--count=4", "--connections=2", "--timeout=300ms")
            release.set()
            self.assertEqual(status, 1)
            self.assertEqual((summary["sent"], summary["unanswered"]), (4, 4))
            self.assertLess(summary["seconds"], 5)
            wait_until(lambda: len(receiver.events) == 4, what="all have come")

    def test_nobody_there(self):
        with socket.socket() as held:
            # Bound and not listening: nobody else gets it.
            held.bind(("127.0.0.1", 0))
            done = run("simulate-webhook", f"http://127.0.0.1:{held.getsockname()[1]}/webhook", SECRET, "--count=2")
        self.assertEqual(done.returncode, 1)
        self.assertIn("2 not sent, because there was no connection", done.stdout)
        self.assertIn("Connection refused", done.stderr)

    def test_a_wrong_path_is_a_failure_and_a_wrong_url_a_mistake(self):
        with Receiver(lambda event, number: 404) as receiver:
            status, summary, _ = send(receiver)
            self.assertEqual((status, summary["statuses"], summary["failed"]), (1, {"404": 1}, 1))
        wrong = run("simulate-webhook", "localhost:5000/webhook", SECRET)
        self.assertEqual(wrong.returncode, 2)
        self.assertIn("it begins neither with http://", wrong.stderr)
        self.assertNotIn(SECRET, wrong.stdout + wrong.stderr)

    def test_the_secret_from_a_file_or_a_variable(self):
        with tempfile.TemporaryDirectory() as folder, Receiver() as receiver:
            path = os.path.join(folder, "secret")
            with open(path, "w") as file:
                file.write(SECRET + "\n")
            for flags, environment in [
                ([f"--secret-file={path}"], {}),
                ([], {"WEBHOOK_SECRET_FILE": path}),
                ([], {"WEBHOOK_SECRET": SECRET}),
                (["--secret", SECRET], {}),
            ]:
                with self.subTest(flags=flags, environment=environment):
                    status, _, _ = send(receiver, *flags, secret=None, environment=environment)
                    self.assertEqual(status, 0)
            self.assertEqual(receiver.statuses, [200] * 4)
            gone = run("simulate-webhook", receiver.url, "--secret-file=/nowhere/at/all")
            self.assertEqual(gone.returncode, 2)
            self.assertIn("--secret-file: stat /nowhere/at/all", gone.stderr)

    def test_a_secret_on_the_command_line_is_taken_away_from_ps(self):
        with Receiver() as receiver, Program(
            "simulate-webhook", receiver.url, SECRET, "--rate=50", "--duration=20s", "--log.level=error"
        ) as sending:
            wait_until(lambda: receiver.statuses, what="the first webhook")
            with open(f"/proc/{sending.process.pid}/cmdline") as file:
                words = file.read()
            self.assertIn("--rate=50", words)
            self.assertNotIn(SECRET, words)

    def test_a_rate_is_kept(self):
        with Receiver() as receiver:
            status, summary, done = send(receiver, "--rate=200", "--count=300", "--connections=4")
            self.assertEqual(status, 0)
            self.assertGreaterEqual(summary["seconds"], 299 / 200)
            self.assertIn("msg=webhooks sent=", done.stderr)
            self.agree(summary, receiver)

    def test_time_ends_it(self):
        with Receiver() as receiver:
            status, summary, _ = send(receiver, "--duration=500ms")
            self.assertEqual(status, 0)
            self.assertGreater(summary["sent"], 1)
            self.assertGreaterEqual(summary["seconds"], 0.5)
            self.agree(summary, receiver)

    def test_control_c_ends_it_with_the_summary_and_waits_for_answers(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            slow = threading.Event()
            with self.subTest(number), Receiver(lambda event, number: slow.wait(0.05) or 200) as receiver:
                process = start(receiver, "--count=100000", "--connections=3")
                wait_until(lambda: len(receiver.statuses) >= 3, what="webhooks come")
                process.send_signal(number)
                out, error = process.communicate(timeout=10)
                summary = json.loads(out)
                self.assertEqual(process.returncode, 0, error)
                self.assertEqual(summary["unanswered"], 0)
                self.agree(summary, receiver)

    def test_a_second_control_c_does_not_wait(self):
        release = threading.Event()
        with Receiver(lambda event, number: release.wait(30) and None) as receiver:
            process = start(receiver, "--count=10", "--connections=2", "--timeout=60s")
            wait_until(lambda: len(receiver.events) == 2, what="webhooks have come")
            process.send_signal(signal.SIGINT)
            wait_for_line(process.stderr, b"stopping")
            process.send_signal(signal.SIGINT)
            out, _ = process.communicate(timeout=10)
            release.set()
            summary = json.loads(out)
            self.assertEqual(process.returncode, 1)
            self.assertEqual((summary["sent"], summary["unanswered"]), (2, 2))

    def test_over_tls(self):
        with Certificates() as pki:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(pki.server.certificate, pki.server.key)
            with Receiver(tls=context) as receiver:
                status, summary, _ = send(receiver, "--count=20", f"--tls-ca-file={pki.authority.certificate}")
                self.assertEqual((status, summary["accepted"]), (0, 20))
                status, summary, done = send(receiver, "--count=1")
                self.assertEqual((status, summary["unsent"]), (1, 1))
                self.assertIn("tls: ", done.stderr)

    def test_a_login_goes_with_each(self):
        with Receiver() as receiver:
            send(receiver, "--count=2", "--bearer-token=abc")
            self.assertEqual({head["Authorization"] for head in receiver.heads}, {"Bearer abc"})


class Page(unittest.TestCase):
    """The blocks of the page, by the names in the comments above them."""

    def setUp(self):
        self.blocks = {block.remark("test"): block for block in blocks(PAGE.read_text())}
        self.assertNotIn(None, self.blocks, "each block has a name, and so a test")

    def do(self, name, receiver):
        block = self.blocks[name]
        text = block.text.replace("http://localhost:5000", receiver.base)
        with tempfile.TemporaryDirectory() as folder:
            os.symlink(BINARY, os.path.join(folder, "agent-exporter"))
            path = {"PATH": f"{folder}:{os.environ['PATH']}"}
            command = [sys.executable, "-c", text] if block.language == "python" else ["bash", "-eu", "-c", text]
            done = subprocess.run(
                command, cwd=folder, env=surroundings() | path, capture_output=True, text=True, timeout=30
            )
        self.assertEqual(done.returncode, 0, done.stderr)
        if block.output is not None:
            self.assertTrue(fits(done.stdout, block.output), done.stdout)
        return done.stdout

    def test_what_it_signs_is_taken(self):
        for name in ("sign in a shell", "sign in Python"):
            with self.subTest(name), Receiver() as receiver:
                self.assertEqual(self.do(name, receiver), "200\n")
                self.assertEqual(receiver.statuses, [200])

    def test_its_commands_do_what_it_says(self):
        for name, count in [("five", 5), ("secret file", 2)]:
            with self.subTest(name), Receiver() as receiver:
                self.do(name, receiver)
                self.assertEqual(receiver.statuses, [200] * count)
        for play in (lambda event, number: 503 if "simulate" in event else 200, lambda event, number: 200):
            with Receiver(play) as receiver:
                summary = json.loads(self.do("mixed", receiver))
                self.assertTrue(1 <= summary["sent"] <= 1001, "no more than the rate allows")
                found = [summary[name] for name in ("accepted", "refused", "failed")]
                self.assertEqual(found, [receiver.count(status) for status in (200, 401, 503)])

    def test_what_it_verifies_is_what_is_good(self):
        names = {}
        exec(self.blocks["verify in Python"].text, names)
        body = b'{"event":"x"}'

        def header(secret=SECRET, at=1000):
            return f"t={at},v1=" + hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()

        two = header("old") + "," + header().split(",")[1]
        for good in (header(), header(at=970), header(at=1030), " v0=1, " + header(), two):
            self.assertTrue(names["is_good"](body, good, [b"other", SECRET.encode()], now=lambda: 1000.9), good)
        late, early, doubled = header(at=969), header(at=1031), "t=1000," + header()
        for bad in (header("old"), late, early, doubled, "", "t=1000", "t=x,v1=y", header() + "é", header() + "0"):
            self.assertFalse(names["is_good"](body, bad, [SECRET.encode()], now=lambda: 1000.9), bad)
        self.assertFalse(names["is_good"](body + b" ", header(), [SECRET.encode()], now=lambda: 1000.9))

    def test_its_table_has_every_reason(self):
        source = (ROOT / "Sources/WebhookChecks/WebhookRefusal.swift").read_text()
        cases = re.findall(r'^    case (\w+)(?: = "(\w+)")?$', source, re.M)
        section = PAGE.read_text().split("## What is refused")[1].split("## ")[0]
        self.assertEqual(re.findall(r"^\| `(\w+)` \|", section, re.M), [raw or name for name, raw in cases])


def start(receiver, *flags):
    command = [BINARY, "simulate-webhook", receiver.url, SECRET, "--json", *flags]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=surroundings())


def wait_for_line(stream, word):
    while word not in (line := stream.readline()):
        assert line, f"it ended without {word}"


if __name__ == "__main__":
    unittest.main()
