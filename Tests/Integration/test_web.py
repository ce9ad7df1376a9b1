"""Endpoints, formats and headers, as HTTP clients see them."""

import gzip
import http.client
import json
import socket
import threading
import unittest

from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_strictly

from support import Exporter, FakeAgent, free_port, is_sanitized, wait_until

PROMETHEUS = (
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,"
    "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1"
)
TEXT = "text/plain; version=0.0.4; charset=utf-8"
OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"


class Web(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = FakeAgent(b'{"agentStatus":"RUNNING","activeTaskCount":3}')
        cls.exporter = Exporter(cls.agent.url)
        cls.exporter.wait_for("app_agent_up", "1")

    @classmethod
    def tearDownClass(cls):
        cls.exporter.__exit__()
        cls.agent.close()

    def test_formats_by_accept(self):
        cases = [
            (None, TEXT),
            ("*/*", TEXT),
            ("application/json", TEXT),
            ("text/plain;q=nonsense,,;", TEXT),
            (PROMETHEUS, OPEN_METRICS),
            ("application/openmetrics-text;version=0.0.1", "application/openmetrics-text; version=0.0.1; charset=utf-8"),
            ("text/plain;version=1.0.0;escaping=values", "text/plain; version=1.0.0; charset=utf-8; escaping=values"),
            ("application/openmetrics-text;q=0.1,text/plain;version=0.0.4;q=0.2", TEXT),
        ]
        for _ in range(2):
            for accept, expected in cases:
                with self.subTest(accept=accept):
                    answer = self.exporter.get(headers={"Accept": accept} if accept else {})
                    self.assertEqual(answer.status, 200)
                    self.assertEqual(answer.headers["content-type"], expected)
                    self.assertEqual(answer.headers["vary"], "Accept, Accept-Encoding")
                    self.assertEqual(int(answer.headers["content-length"]), len(answer.bytes))
                    self.assertIn("date", answer.headers)
                    self.assertTrue(answer.text.endswith("\n"))
                    if "openmetrics" in expected:
                        self.assertTrue(answer.text.endswith("# EOF\n"))
                        list(parse_strictly(answer.text))

    def test_gzip_when_it_is_allowed(self):
        for value, zipped in [("gzip", True), ("gzip;q=0", False), ("*", True), ("br", False), ("gzip;q=0.001", True)]:
            with self.subTest(value=value):
                answer = self.exporter.get(headers={"Accept-Encoding": value})
                self.assertEqual(answer.headers.get("content-encoding"), "gzip" if zipped else None)
                text = gzip.decompress(answer.bytes) if zipped else answer.bytes
                self.assertIn(b"app_active_task_count 3\n", text)

    def test_many_different_accept_headers_are_answered_alike(self):
        for number in range(100):
            answer = self.exporter.get(headers={"Accept": f"application/openmetrics-text;q=0.{number % 9 + 1},x/y{number}"})
            self.assertEqual(answer.headers["content-type"], OPEN_METRICS)

    def test_every_path(self):
        for path, body in [
            ("/-/healthy", "agent-exporter is healthy\n"),
            ("/-/ready", "agent-exporter is ready\n"),
            ("/health", "OK\n"),
        ]:
            answer = self.exporter.get(path)
            self.assertEqual((answer.status, answer.text), (200, body))
        for path in ["/healthz", "/readyz"]:
            answer = self.exporter.get(path)
            self.assertEqual(answer.headers["content-type"], "application/json")
            report = json.loads(answer.text)
            age = report["agent"].pop("age_seconds")
            self.assertLess(age, 5)
            self.assertEqual(
                report,
                {
                    "status": "ok",
                    "ready": True,
                    "agent": {"state": "RUNNING", "up": True, "consecutive_failures": 0, "last_error": None},
                },
            )
        page = self.exporter.get("/")
        self.assertEqual(page.headers["content-type"], "text/html; charset=utf-8")
        self.assertIn("Running", page.text)

    def test_other_methods_and_paths(self):
        for path in ["/metrics", "/healthz", "/readyz", "/-/healthy", "/-/ready", "/health", "/", "/status.json"]:
            head, get = self.exporter.get(path, "HEAD"), self.exporter.get(path)
            self.assertEqual((head.status, head.bytes), (200, b""))
            self.assertEqual(head.headers["content-type"], get.headers["content-type"])
            for method in ["POST", "PUT", "DELETE"]:
                answer = self.exporter.get(path, method, body="x" if method != "DELETE" else None)
                self.assertEqual((answer.status, answer.headers["allow"]), (405, "GET, HEAD"))
                self.assertEqual(answer.text.count("\n"), 1)
        for path in ["/nope", "/metrics/", "//metrics", "/METRICS", "/actuator/info", "/simulate"]:
            answer = self.exporter.get(path)
            self.assertEqual((answer.status, answer.text), (404, "not found\n"))
        self.assertEqual(self.exporter.get("/metrics?x=1").status, 200)

    def test_a_list_in_several_fields_is_one_list_whoever_asked_before(self):
        for name, first, second, answer in [
            ("Accept", "text/plain;version=0.0.4;q=0.3", "application/openmetrics-text;version=1.0.0", b"# EOF"),
            ("Accept-Encoding", "br", "gzip", b"Content-Encoding: gzip"),
        ]:
            self.exporter.get(headers={name: first})
            with socket.create_connection(("127.0.0.1", self.exporter.port), 10) as peer:
                peer.sendall(f"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{name}: {first}\r\n{name}: {second}\r\n\r\n".encode())
                self.assertIn(answer, peer.makefile("rb").read())

    def test_a_malformed_body_is_refused_wherever_it_is_sent(self):
        head = "POST {} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n{}\r\n"
        bodies = {"5\r\nhello\r\n0\r\n\r\n": 404, "5;\r\nhello\r\n0\r\n\r\n": 400, "x\r\n": 400, "5\r\nhelloo": 400}
        for body, status in bodies.items():
            with self.subTest(body=body):
                self.assertEqual(self.exporter.exchange(head.format("/nope", "") + body), status)
        # Nobody has asked for this body, so it is not waited for.
        self.assertEqual(self.exporter.exchange(head.format("/", "Expect: 100-continue\r\n")), 405)

    def test_requests_are_counted_by_known_paths_only(self):
        for path in ["/a", "/b", "/c?d=1"]:
            self.exporter.get(path)
        self.exporter.get("/metrics", "POST")
        counted = lambda: {n for n in self.exporter.samples if n.startswith("agent_exporter_http_requests_total")}
        wait_until(lambda: 'agent_exporter_http_requests_total{code="404",path="other"}' in counted())
        wait_until(lambda: 'agent_exporter_http_requests_total{code="405",path="/metrics"}' in counted())
        paths = {name.split('path="')[1].split('"')[0] for name in counted()}
        self.assertLessEqual(
            paths,
            {"/", "/-/healthy", "/-/ready", "/health", "/healthz", "/metrics", "/readyz", "/status.json", "other"},
        )

    def test_concurrent_scrapes_see_whole_bodies_and_counters_that_never_go_back(self):
        failures = []

        def scrape():
            connection = http.client.HTTPConnection("127.0.0.1", self.exporter.port, timeout=10)
            last = 0.0
            for _ in range(160):
                connection.request("GET", "/metrics", headers={"Accept": PROMETHEUS})
                text = connection.getresponse().read().decode()
                renders = float(text.split("\nagent_exporter_renders_total ")[1].split("\n")[0])
                if not text.endswith("\n# EOF\n") or renders < last:
                    failures.append(text)
                last = renders
            connection.close()

        threads = [threading.Thread(target=scrape) for _ in range(64)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])

    def test_scrapes_never_render(self):
        with Exporter(self.agent.url, "--agent.poll-interval=1h") as exporter:
            wait_until(lambda: exporter.health["agent"]["up"])
            for _ in range(300):
                exporter.get()
            self.assertLess(float(exporter.samples["agent_exporter_renders_total"]), 10)

    def test_nonsense_is_refused_and_the_next_client_served(self):
        for nonsense in [b"\x16\x03\x01\x00", b"GET /metrics\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"X" * 20000, b"\r\n" * 50]:
            with socket.create_connection(("127.0.0.1", self.exporter.port), 10) as client:
                client.sendall(nonsense)
                client.shutdown(socket.SHUT_WR)
                client.settimeout(10)
                while client.recv(65536):
                    pass
        self.assertEqual(self.exporter.get().status, 200)
        rejected = 'agent_exporter_http_rejected_total{reason="malformed_request"}'
        wait_until(lambda: float(self.exporter.samples[rejected]) > 0)

    def test_one_connection_too_many_is_told_so(self):
        with Exporter(self.agent.url, "--web.max-connections=2") as exporter:
            held = [socket.create_connection(("127.0.0.1", exporter.port)) for _ in range(2)]
            with socket.create_connection(("127.0.0.1", exporter.port), 10) as third:
                self.assertTrue(third.recv(100).startswith(b"HTTP/1.1 503 "))
            for connection in held:
                connection.close()
            wait_until(lambda: exporter.get().status == 200)

    def test_slow_headers_and_idle_connections_end_at_their_deadlines(self):
        flags = ["--web.header-timeout=200ms", "--web.idle-timeout=300ms"]
        with Exporter(self.agent.url, *flags) as exporter:
            with socket.create_connection(("127.0.0.1", exporter.port), 10) as slow:
                slow.sendall(b"GET /metrics HT")
                self.assertTrue(slow.recv(100).startswith(b"HTTP/1.1 408 "))
            with socket.create_connection(("127.0.0.1", exporter.port), 10) as idle:
                idle.sendall(b"HEAD /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
                received = b""
                while piece := idle.recv(65536):
                    received += piece
                self.assertEqual(received.count(b"HTTP/1.1 200 OK"), 1)

    def test_a_reader_who_stops_reading_is_cut(self):
        with Exporter(self.agent.url, "--web.write-timeout=300ms") as exporter:
            with socket.socket() as stuck:
                stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                stuck.connect(("127.0.0.1", exporter.port))
                stuck.setblocking(False)
                request = b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"
                rejected = 'agent_exporter_http_rejected_total{reason="write_timeout"}'

                def is_cut():
                    try:
                        for _ in range(100):
                            stuck.send(request)
                    except BlockingIOError:
                        pass
                    except ConnectionError:
                        return True
                    return exporter.samples[rejected] == "1"

                wait_until(is_cut)
                wait_until(lambda: exporter.samples[rejected] == "1")

    def test_another_telemetry_path(self):
        with Exporter(self.agent.url, "--web.telemetry-path=/m") as exporter:
            self.assertEqual(exporter.get("/m").status, 200)
            self.assertEqual(exporter.get("/metrics").status, 404)

    def test_threads_are_one_more_than_serve(self):
        if is_sanitized():
            self.skipTest("a sanitizer has threads of its own")
        wait_until(lambda: self.exporter.threads == 2)
        with Exporter(self.agent.url, "--web.threads=3") as exporter:
            wait_until(lambda: exporter.threads == 4)
            self.assertEqual(exporter.get().status, 200)

    def test_the_older_health_fails_after_more_than_ten_failures(self):
        with Exporter(f"http://127.0.0.1:{free_port()}/") as exporter:
            answer = wait_until(lambda: (a := exporter.get("/health")).status == 503 and a)
            self.assertEqual(answer.text, "Too many fetch failures\n")
            self.assertGreater(exporter.health["agent"]["consecutive_failures"], 10)
            self.assertEqual(exporter.get("/healthz").status, 200)
            self.assertIn("connect", exporter.health["agent"]["last_error"])


if __name__ == "__main__":
    unittest.main()
