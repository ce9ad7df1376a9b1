"""The comparison with other servers: what it says of failures, and that it leaves nobody behind."""

import contextlib
import gzip
import io
import json
import os
import pathlib
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import unittest
import unittest.mock

COMPARE = str(pathlib.Path(__file__).resolve().parents[2] / "Benchmarks/Compare")
sys.path.insert(0, COMPARE)

import bench
import costs
import encryption
import instructions
import load
import outage
import report
import servers

LIMITS = {"scrape cost": 1.5, "threads": 2}
# Runs another program, says who that is, and waits.
WAITING = """
import sys, time
import processes
processes.prepare()
with processes.running(["sleep", "60"]) as program:
    print(program.process.pid, flush=True)
    {then}
"""
# One long sleep would not end for a signal that comes just before it.
WAIT = "while True: time.sleep(0.1)"


class Bench(unittest.TestCase):
    def verdict(self, found):
        with contextlib.redirect_stdout(io.StringIO()) as said:
            return bench.verdict(found, LIMITS), said.getvalue()

    def test_a_limit_is_kept_up_to_itself_and_no_further(self):
        kept, said = self.verdict({"scrape cost": 1.5, "threads": 2})
        self.assertTrue(kept)
        self.assertNotIn("EXCEEDED", said)
        kept, said = self.verdict({"scrape cost": 1.51, "threads": 2})
        self.assertFalse(kept)
        self.assertRegex(said, r"EXCEEDED +scrape cost: 1\.51, limit 1\.5")

    def test_a_limit_of_something_that_is_not_measured_is_a_mistake(self):
        with self.assertRaises(AssertionError):
            self.verdict({"scrape cost": 1})

    def test_everything_that_is_measured_has_a_limit(self):
        one = encryption.Handshakes("", 9, 9, 1, 1)
        fake = unittest.mock.MagicMock()
        fake.micro.return_value = [{"case": f"{name} answer", "allocations": 0} for name in ("Known head", "Negotiate", "render 50")]
        fake.micro.return_value += [{"case": "Request and prepared answer", "allocations": 0}]
        fake.instructions.return_value = [(way, 1) for way in instructions.ways("", "", "")]
        fake.handshakes.return_value = [one, one]
        fake.encrypted.return_value = [fake, fake]
        fake.idle_connection_bytes.return_value = fake.idle_tls_connection_bytes.return_value = fake.memory_at_rest = 1
        fake.ours.program.threads = 1
        with (
            unittest.mock.patch.object(bench, "worst_ratios", lambda bench, running, bases, subject: dict.fromkeys(bases, 1)),
            unittest.mock.patch.object(bench, "EXPORTER", pathlib.Path(__file__)),
            contextlib.redirect_stdout(io.StringIO()),
        ):
            self.assertTrue(bench.check(fake))

    def test_a_server_that_fails_is_not_cheap(self):
        class Failing:
            def costs(self, *_, **__):
                return [costs.Cost("agent-exporter", load.Load(), 0, microseconds=[0.1], answers=9, errors=1)]

        with self.assertRaisesRegex(RuntimeError, "agent-exporter failed to answer 1 of 10 requests"):
            bench.worst_ratios(Failing(), [], {})

    def test_instructions_are_those_of_the_thread_that_serves(self):
        counts = {instructions.FEW: {"1": 70_000, "2": 9_000}, instructions.MANY: {"1": 90_000, "2": 9_000 + 8_000 * 2_300}}
        with unittest.mock.patch.object(instructions, "count", lambda way, requests: counts[requests]):
            self.assertEqual(instructions.per_request(None), 2_300)

    def test_heads_that_change_are_of_one_length(self):
        same, changing = (instructions.Way("", "", None, "/metrics", changing=changing) for changing in (False, True))
        self.assertEqual(same.head(80, 1), same.head(80, 2))
        heads = {changing.head(80, number) for number in range(20)}
        self.assertEqual((len(heads), len({len(head) for head in heads})), (20, 1))
        self.assertTrue(same.head(80, 1).startswith(b"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1:80\r\nUser-Agent: Prometheus/"))

    def test_the_page_about_performance_has_the_limits(self):
        limits = json.loads((bench.ROOT / "Benchmarks/thresholds.json").read_text())
        page = (bench.ROOT / "docs/performance.md").read_text()
        for way in instructions.ways("", "", ""):
            limit = limits[f"user instructions: {way.server}, {way.way}"]
            with self.subTest(way.server, way=way.way):
                self.assertRegex(page, rf"\| {way.server}, {way.way} \| [\d,]+ \| {limit:,} \|")

    def test_a_server_that_answers_otherwise_is_not_counted(self):
        ours, peer = socket.socketpair()
        with ours, peer:
            peer.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            with self.assertRaisesRegex(RuntimeError, "a server: HTTP/1.1 404"):
                instructions.ask(instructions.Way("a server", "", None, "/"), 80, 1, ours)

    def test_a_server_that_ends_at_once_is_named(self):
        with tempfile.TemporaryDirectory() as directory:
            way = instructions.Way("", "", lambda port: ["false"], "/")
            with unittest.mock.patch.object(instructions, "VALGRIND", ["true"]):
                with self.assertRaisesRegex(RuntimeError, "true .* false does not listen"):
                    instructions.run(way, 1, pathlib.Path(directory))

    def test_others_say_what_the_exporter_says_once_it_has_asked_its_agent(self):
        early, full = b"a 1\n", b'a 1\napp_version_info{version="1"} 1\n'
        for plain, compressed, is_whole in [(full, full, True), (early, early, False), (full + 200 * b"b 2\n", full, False)]:
            with self.subTest(plain=len(plain)), tempfile.TemporaryDirectory() as directory:
                place = servers.Workplace(directory, None)
                answers = iter([plain, gzip.compress(compressed)])
                with unittest.mock.patch.object(servers, "fetch", lambda *_: next(answers)):
                    with contextlib.nullcontext() if is_whole else self.assertRaises(RuntimeError):
                        place.take_bodies("")

    def test_openssl_tells_how_many_handshakes_it_has_made_and_resumed(self):
        said = "Collecting connection statistics for 1 seconds\n{}\n\n4 connections in 0.1s; 9 connections/user sec\n4 connections in 1 real seconds\n"
        for letters, resumed in [("****", 0), ("rrrr", 4), ("r*r*", 2)]:
            self.assertEqual(encryption.counted(said.format(letters)), (4, resumed))
        self.assertEqual(encryption.counted("no certificate\n"), (0, 0))

    def test_quantiles_are_those_of_the_nearest_rank_and_failures_are_the_slowest(self):
        measured = outage.Latencies("", "", [(0, None), *((0, number / 100) for number in range(99, 0, -1))])
        self.assertEqual([measured.quantile(part) for part in (0.5, 0.99)], [0.5, 0.99])
        self.assertEqual((measured.quantile(1), measured.failures), (float("inf"), 1))

    def test_what_is_not_known_of_the_machine_is_said_and_stops_nothing(self):
        self.assertEqual(report.version("no-such-command"), "missing")
        self.assertEqual(report.version("echo", "tool, version 1.5.0 (branch: 2.0)"), "1.5.0")
        with tempfile.NamedTemporaryFile("w") as cpuinfo:
            cpuinfo.write("processor\t: 0\nBogoMIPS\t: 50.00\n")
            cpuinfo.flush()
            self.assertIn(f" cores of {os.uname().machine}, ", report.machine(pathlib.Path(cpuinfo.name)))

    def test_whatever_ends_it_ends_what_it_has_started(self):
        for then, number, status in [
            (WAIT, signal.SIGTERM, 128 + signal.SIGTERM),
            (WAIT, signal.SIGHUP, 128 + signal.SIGHUP),
            (WAIT, signal.SIGINT, 128 + signal.SIGINT),
            ("raise RuntimeError", None, 1),
        ]:
            with self.subTest(then=then, number=number):
                run = subprocess.Popen(
                    [sys.executable, "-c", WAITING.format(then=then)],
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    cwd=COMPARE,
                    text=True,
                )
                with run:
                    started = int(run.stdout.readline())
                    if number:
                        run.send_signal(number)
                    self.assertEqual(run.wait(10), status)
                self.assertFalse(pathlib.Path(f"/proc/{started}").exists())

    def test_it_may_have_as_many_connections_as_the_machine_allows(self):
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        code = "import resource, processes; processes.prepare(); print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])"
        command = ["prlimit", "--nofile=256:", sys.executable, "-c", code]
        self.assertEqual(int(subprocess.run(command, capture_output=True, cwd=COMPARE, check=True).stdout), most)


if __name__ == "__main__":
    unittest.main()
