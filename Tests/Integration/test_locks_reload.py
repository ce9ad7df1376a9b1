"""Locks that change while the exporter runs, and crowds who do not have the key."""

import http.client
import os
import socket
import subprocess
import threading
import time
import unittest

from certificates import Certificates
from locked import LockedExporter, WebFile, basic, bcrypt, shows, trusting
from support import BINARY, FakeAgent, is_sanitized, surroundings, wait_until

LOADTEST = os.path.join(os.path.dirname(BINARY), "loadtest")
SUCCESSFUL = "agent_exporter_config_last_reload_successful"
TIMESTAMP = "agent_exporter_config_last_reload_success_timestamp_seconds"
# A release binary is held to what is promised; others, beside other tests, to what they would not keep if logins held them up.
PROMISED = os.environ.get("PROMISED_P99", "1s" if is_sanitized() else "100ms")
RATE, SECONDS = 64, 4


class Reload(unittest.TestCase):
    def start(self, *flags, **settings):
        web = WebFile(**settings)
        self.addCleanup(web.directory.cleanup)
        exporter = LockedExporter(web, "http://127.0.0.1:1/", "--web.enable-lifecycle", *flags)
        self.addCleanup(exporter.__exit__)
        return exporter, web

    def both(self, exporter, succeeds=True):
        """The two ways to ask for it."""
        yield lambda: exporter.reload(succeeds)
        yield lambda: self.assertEqual(exporter.status("/-/reload", "POST"), 200 if succeeds else 500)

    def test_a_wrong_file_changes_nothing_and_is_seen(self):
        exporter, web = self.start(basic_auth_users={"a": bcrypt("old")}, basic_auth_scopes={"a": ["read", "admin"]})
        exporter.authorization = basic("a", "old")
        before = float(exporter.samples[TIMESTAMP])
        wrong = 'basic_auth_users:\n  a: "$2b$04$secret"\n'
        for number, ask in enumerate(self.both(exporter, succeeds=False), 1):
            web.write(wrong)
            ask()
            self.assertEqual(exporter.log.count("configuration cannot be read again"), number)
            self.assertIn(f"{web.path}:2: ", exporter.log.splitlines()[-1])
            exporter.wait_for(SUCCESSFUL, "0")
            self.assertEqual(float(exporter.samples[TIMESTAMP]), before)
            wait_until(lambda: f"{web.path}:2: " in exporter.get("/").text, what="the page says it")
            self.assertIn(f"{web.path}:2: ", exporter.get("/status.json").text)
        answer = exporter.get("/-/reload", "POST")
        self.assertEqual((answer.status, f"{web.path}:2: " in answer.text), (500, True))
        self.assertNotIn("$secret", answer.text + exporter.log + exporter.get("/").text)
        os.remove(web.path)
        self.assertEqual(exporter.status("/-/reload", "POST"), 500)
        web.write(basic_auth_users={"a": bcrypt("old")}, basic_auth_scopes={"a": ["read", "admin"]})
        exporter.reload()
        exporter.wait_for(SUCCESSFUL, "1")
        self.assertGreater(float(exporter.samples[TIMESTAMP]), before)
        wait_until(lambda: "could not be read again" not in exporter.get("/").text, what="the page says it no more")

    def test_the_first_scrape_tells_of_them(self):
        over = threading.Event()
        self.addCleanup(over.set)
        with FakeAgent() as agent:
            agent.answer = lambda _: over.wait(10)
            web = WebFile(rate_limit={"interval": "0s"})
            self.addCleanup(web.directory.cleanup)
            with LockedExporter(web, agent.url) as exporter:
                series = exporter.samples.keys()
                over.set()
        self.assertTrue({TIMESTAMP, SUCCESSFUL} <= series, series)
        self.assertIn('agent_exporter_http_refused_total{reason="wrong"}', series)

    def test_a_password_that_is_changed_locks_out_who_is_known(self):
        exporter, web = self.start(basic_auth_users={"a": bcrypt("old")})
        old, new = basic("a", "old"), basic("a", "new")
        connection = http.client.HTTPConnection("127.0.0.1", exporter.port, timeout=10)

        def status(authorization):
            connection.request("GET", "/metrics", headers={"Authorization": authorization} if authorization else {})
            answer = connection.getresponse()
            answer.read()
            return answer.status

        self.assertEqual([status(old) for _ in range(5)] + [status(new)], [200] * 5 + [401])
        for users, expected in [
            ({"a": bcrypt("new")}, (401, 200, 401)), ({"a": bcrypt("old")}, (200, 401, 401)),
            ({"b": bcrypt("old")}, (401, 401, 401)), ({}, (401, 401, 401)), ({"a": bcrypt("new")}, (401, 200, 401)),
        ]:
            web.write(basic_auth_users=users)
            # A file that is read while it is being written is not to unlock anything.
            exporter.reload(succeeds=bool(users))
            with self.subTest(users=list(users)):
                self.assertEqual((status(old), status(new), status(None)), expected)
        connection.close()

    def test_scopes_and_rates_change_too(self):
        users = {"basic_auth_users": {"a": bcrypt("a")}}
        exporter, web = self.start(**users)
        exporter.authorization = basic("a", "a")
        for settings, statuses in [
            ({}, (200, 403)), ({"basic_auth_scopes": {"a": ["admin"]}}, (403, 200)),
            ({"basic_auth_scopes": {"a": ["read", "admin"]}}, (200, 200)), ({"rate_limit": {"interval": "1h", "burst": 1}}, (200, 429)),
            ({"rate_limit": {"interval": "1h", "burst": 1}}, (429, 429)), ({"rate_limit": {"interval": "0s"}}, (200, 403)),
        ]:
            with self.subTest(settings=settings):
                web.write(**users | settings)
                exporter.reload()
                self.assertEqual((exporter.status(), exporter.status("/-/reload", "POST")), statuses)

    def test_headers_change_too(self):
        exporter, web = self.start(http_server_config={"headers": {"X-Frame-Options": "deny"}})
        for value in ["deny", "sameorigin"]:
            web.write(http_server_config={"headers": {"X-Frame-Options": value}})
            exporter.reload()
            for path in ["/metrics", "/", "/nowhere"]:
                self.assertEqual(exporter.get(path).headers["x-frame-options"], value)

    def test_encryption_is_not_switched(self):
        with Certificates() as pki:
            for first, then, context in [
                ({}, {"tls_server_config": shows(pki.server)}, None),
                ({"tls_server_config": shows(pki.server)}, {}, trusting(pki.authority)),
            ]:
                exporter, web = self.start(**first)
                exporter.context = context
                web.write("# nothing\n", **then) if not then else web.write(**then)
                for ask in self.both(exporter, succeeds=False):
                    ask()
                    self.assertEqual(exporter.status(), 200)
                self.assertIn("start it again", exporter.log.splitlines()[-1])

    def test_on_request_only_where_that_is_turned_on(self):
        with WebFile("{}") as web, LockedExporter(web) as exporter:
            self.assertEqual(exporter.status("/-/reload", "POST"), 404)
            exporter.reload()

    def test_many_reloads_while_many_scrape(self):
        exporter, web = self.start(basic_auth_users={"a": bcrypt("a"), "b": bcrypt("b")})
        statuses, goes_on = set(), True

        def scrape():
            connection = http.client.HTTPConnection("127.0.0.1", exporter.port, timeout=10)
            while goes_on:
                connection.request("GET", "/metrics", headers={"Authorization": basic("a", "a")})
                answer = connection.getresponse()
                answer.read()
                statuses.add(answer.status)
            connection.close()

        threads = [threading.Thread(target=scrape) for _ in range(4)]
        for thread in threads:
            thread.start()
        for number in range(30):
            web.write(basic_auth_users={"a": bcrypt("a"), f"b{number}": bcrypt("b")})
            exporter.reload()
        goes_on = False
        for thread in threads:
            thread.join()
        self.assertEqual(statuses, {200})


class Crowd(unittest.TestCase):
    """Logins that are costly to look at, most of them wrong."""

    def test_who_is_known_waits_for_none_of_them(self):
        users = {"prom": bcrypt("right", cost=12)}
        with WebFile(basic_auth_users=users) as web, LockedExporter(web, authorization=basic("prom", "right")) as exporter:
            self.assertEqual(exporter.status(), 200)
            scraping = subprocess.Popen(
                [LOADTEST, f"http://127.0.0.1:{exporter.port}/metrics", "--rate=200", "--connections=4", "--warmup=0s",
                 f"--duration={SECONDS}s", f"--header=Authorization:{basic('prom', 'right')}", f"--expect-p99={PROMISED}",
                 "--expect-errors=0"],
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=surroundings(),
            )
            statuses = self.attack(exporter.port)
            said, _ = scraping.communicate()
            print("  " + next(line.strip() for line in said.splitlines() if "p99" in line), statuses)
            self.assertEqual(scraping.returncode, 0, said)
            self.assertEqual(set(statuses), {401, 429})
            self.assertGreater(statuses[429], statuses[401])
            for reason, status in [("wrong", 401), ("busy", 429)]:
                exporter.wait_for(f'agent_exporter_http_refused_total{{reason="{reason}"}}', str(statuses[status]))
            # A login that is right is looked at, too, when there is room.
            wait_until(lambda: exporter.status(authorization=basic("prom", "right")) == 200)

    @staticmethod
    def attack(port):
        """Wrong logins at a rate, each on a connection of its own; how often each status was answered."""
        peers, began = [], time.monotonic()
        for number in range(RATE * SECONDS):
            time.sleep(max(0, began + number / RATE - time.monotonic()))
            peer = socket.create_connection(("127.0.0.1", port), 10)
            value = basic(["prom", "nobody"][number % 2], f"wrong{number}")
            peer.sendall(f"GET /metrics HTTP/1.1\r\nHost: x\r\nAuthorization: {value}\r\nConnection: close\r\n\r\n".encode())
            peers.append(peer)
        statuses = {}
        for peer in peers:
            with peer:
                answer = peer.makefile("rb").read()
                status = int(answer.split()[1])
                statuses[status] = statuses.get(status, 0) + 1
                assert status != 429 or b"\r\nRetry-After: 1\r\n" in answer, answer
        return statuses

    def test_a_crowd_that_has_gone_holds_up_nobody_for_long(self):
        """What is left of it is a queue of eight, and the one that is being looked at."""
        users = {"prom": bcrypt("right", cost=11)}
        with WebFile(basic_auth_users=users) as web, LockedExporter(web) as exporter:
            for number in range(200):
                with socket.create_connection(("127.0.0.1", exporter.port), 10) as peer:
                    head = f"GET /metrics HTTP/1.1\r\nHost: x\r\nAuthorization: {basic('prom', str(number))}\r\n\r\n"
                    peer.sendall(head.encode())
            before = exporter.descriptors
            wait_until(lambda: exporter.status(authorization=basic("prom", "right")) == 200, 8, "somebody can log in")
            exporter.settles(before)


if __name__ == "__main__":
    unittest.main()
