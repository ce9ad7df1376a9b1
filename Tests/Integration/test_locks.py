"""Who may ask for what: passwords, tokens, scopes, and how often."""

import base64
import http.client
import time
import unittest

from locked import TOKENS, LockedExporter, WebFile, basic, bcrypt, bearer, token
from support import Exporter, FakeAgent, run, wait_until

PLACES = ["/metrics", "/", "/status.json", "/healthz", "/readyz", "/-/healthy", "/-/ready", "/health", "/nowhere"]
LIFECYCLE = "--web.enable-lifecycle"
PASSWORD, OTHER = "open sesame", "öffne: dich"


class Passwords(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        users = {"prom": bcrypt(PASSWORD), "ädmin": bcrypt(OTHER), "empty": bcrypt("")}
        web = cls.enterClassContext(WebFile(basic_auth_users=users))
        cls.exporter = cls.enterClassContext(LockedExporter(web))

    def test_without_credentials_nothing_is_told(self):
        for path in PLACES:
            for method in ["GET", "HEAD", "POST"]:
                with self.subTest(path=path, method=method):
                    answer = self.exporter.get(path, method)
                    self.assertEqual(answer.status, 401)
                    self.assertIn('Basic realm="agent-exporter"', answer.headers["www-authenticate"])
                    self.assertNotIn("Bearer", answer.headers["www-authenticate"])
                    self.assertEqual(answer.text, "" if method == "HEAD" else "credentials are needed\n")

    def test_with_them_everything(self):
        for path in PLACES:
            with self.subTest(path=path):
                expected = 404 if path == "/nowhere" else 503 if path == "/health" else 200
                answer = self.exporter.get(path, authorization=basic("prom", PASSWORD))
                self.assertIn(answer.status, {expected, 200})
        for user, password in [("ädmin", OTHER), ("empty", "")]:
            self.assertEqual(self.exporter.status(authorization=basic(user, password)), 200)

    def test_what_is_wrong_is_refused(self):
        right = basic("prom", PASSWORD)
        encoded = right.split()[1]
        for value in [
            basic("prom", "open"), basic("prom", ""), basic("prom", PASSWORD + " "), basic("prom", PASSWORD.upper()),
            basic("prom", PASSWORD + "\0"), basic("prom", PASSWORD + "\0x"), basic("prom\0", PASSWORD), basic("Prom", PASSWORD),
            basic("", ""), basic("nobody", PASSWORD), basic("empty", PASSWORD), basic("prom", OTHER), basic("prom", bcrypt(PASSWORD)),
            "Basic", "Basic ", "Basic =", "Basic !", f"Basic {encoded}!", f"Basic {encoded} {encoded}", f"Basic {encoded[:-2]}",
            f"Basic {encoded[:5]}\t{encoded[5:]}", f"Basic\t{encoded}", "Basic " + base64.b64encode(b"prom").decode(),
            "Basic " + base64.b64encode(b"").decode(), "Basic " + base64.b64encode(b"\xff\xfe:\xff").decode(),
            f"Bearer {encoded}", f"Digest {encoded}", encoded, f"Basic{encoded}", f"{right}, {right}", "Basic " + "A" * 7000,
            basic("x" * 5000, "y"), basic("prom", "y" * 5000),
        ]:
            with self.subTest(value=value[:60]):
                answer = self.exporter.get(authorization=value)
                self.assertEqual(answer.status, 401)
                self.assertNotIn("app_", answer.text)

    def test_a_scheme_may_be_written_anyhow(self):
        encoded = basic("prom", PASSWORD).split()[1]
        for value in [f"basic {encoded}", f"BASIC {encoded}", f"Basic   {encoded}", f" Basic {encoded} "]:
            self.assertEqual(self.exporter.status(authorization=value), 200, value)

    def test_two_fields_are_none(self):
        right = f"Authorization: {basic('prom', PASSWORD)}\r\n"
        wrong = f"Authorization: {basic('prom', 'wrong')}\r\n"
        for fields, status in [(right, 200), (right + right, 401), (right + wrong, 401), (wrong + right, 401)]:
            with self.subTest(fields=fields):
                self.assertEqual(self.exporter.exchange(f"GET /metrics HTTP/1.1\r\nHost: x\r\n{fields}\r\n"), status)

    def test_a_huge_field_is_refused_by_its_length(self):
        text = f"GET /metrics HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {'A' * 100_000}\r\n\r\n"
        self.assertEqual(self.exporter.exchange(text), 431)

    def test_an_answer_to_one_is_none_to_the_next(self):
        """On one connection, where heads that are alike are remembered."""
        connection = http.client.HTTPConnection("127.0.0.1", self.exporter.port, timeout=10)
        right, wrong = basic("prom", PASSWORD), basic("prom", PASSWORD[:-1] + "!")
        for value, status in [(right, 200), (right, 200), (right, 200), (wrong, 401), (None, 401), (right, 200), (wrong, 401)]:
            connection.request("GET", "/metrics", headers={"Authorization": value} if value else {})
            answer = connection.getresponse()
            answer.read()
            self.assertEqual(answer.status, status)
        connection.close()

    def test_refusals_are_counted(self):
        with LockedExporter(self.exporter.web, authorization=basic("prom", PASSWORD)) as exporter:
            for value in [None, None, None, basic("prom", "?")]:
                self.assertEqual(Exporter.get(exporter, headers={"Authorization": value} if value else {}).status, 401)
            for reason, count in [("missing", "3"), ("wrong", "1"), ("forbidden", "0"), ("busy", "0")]:
                exporter.wait_for(f'agent_exporter_http_refused_total{{reason="{reason}"}}', count)

    def test_healthcheck_takes_them(self):
        url = f"--url=http://127.0.0.1:{self.exporter.port}/healthz"
        result = run("healthcheck", url)
        self.assertEqual(result.returncode, 1)
        self.assertIn("401", result.stdout)
        result = run("healthcheck", url, "--basic-auth-user=prom", f"--basic-auth-password={PASSWORD}")
        self.assertEqual((result.returncode, PASSWORD in result.stdout + result.stderr), (0, False))
        # Of its own machine's exporter it knows where it is.
        environment = {"WEB_CONFIG_FILE": self.exporter.web.path, "WEB_LISTEN_ADDRESS": f"127.0.0.1:{self.exporter.port}"}
        result = run("healthcheck", "--basic-auth-user=prom", f"--basic-auth-password={PASSWORD}", environment=environment)
        self.assertEqual(result.returncode, 0, result.stdout)


class Scopes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        web = cls.enterClassContext(WebFile(
            basic_auth_users={"reader": bcrypt("r"), "owner": bcrypt("o")},
            basic_auth_scopes={"owner": ["read", "admin"]},
            bearer_tokens=[token("read"), token("write"), token("admin")],
        ))
        cls.exporter = cls.enterClassContext(LockedExporter(web, "http://127.0.0.1:1/", LIFECYCLE))

    def test_each_may_what_it_says(self):
        everybody = {name: bearer(value) for name, value in TOKENS.items()}
        everybody |= {"reader": basic("reader", "r"), "owner": basic("owner", "o")}
        for method, path, may, status in [
            ("GET", "/metrics", {"read", "reader", "owner"}, 200), ("HEAD", "/", {"read", "reader", "owner"}, 200),
            ("POST", "/metrics", {"write"}, 405), ("DELETE", "/metrics", {"write"}, 405),
            ("POST", "/-/reload", {"admin", "owner"}, 200), ("POST", "/-/%72eload", {"admin", "owner"}, 200),
            ("POST", "/-/reload?x=1", {"admin", "owner"}, 200), ("GET", "/-/reload", {"read", "reader", "owner"}, 405),
        ]:
            for name, authorization in everybody.items():
                with self.subTest(method=method, path=path, who=name):
                    answer = self.exporter.get(path, method, authorization=authorization)
                    self.assertEqual(answer.status, status if name in may else 403, answer.text)
                    if answer.status == 403 and method != "HEAD":
                        self.assertRegex(answer.text, "this needs the scope (read|write|admin)\n")

    def test_a_token_that_is_none(self):
        for value in ["x", TOKENS["read"][:-1], TOKENS["read"] + "=", TOKENS["read"].upper(), "", "ä", "a b", "x" * 7000]:
            with self.subTest(value=value[:40]):
                answer = self.exporter.get(authorization=bearer(value).encode().decode("latin-1"))
                self.assertEqual(answer.status, 401)
                self.assertIn('Bearer realm="agent-exporter", error="invalid_token"', answer.headers["www-authenticate"])
        self.assertEqual(self.exporter.exchange("GET /metrics?access_token=x HTTP/1.1\r\nHost: x\r\n\r\n"), 401)

    def test_another_site_must_not_write(self):
        own = f"http://127.0.0.1:{self.exporter.port}"
        for fields, status in [
            ({}, 200), ({"Sec-Fetch-Site": "same-origin"}, 200), ({"Sec-Fetch-Site": "none"}, 200), ({"Origin": own}, 200),
            ({"Sec-Fetch-Site": "cross-site"}, 403), ({"Origin": "http://evil.test"}, 403), ({"Origin": "null"}, 403),
            ({"Origin": f"http://127.0.0.1:{self.exporter.port + 1}"}, 403), ({"Origin": own + ".evil.test"}, 403),
            ({"Origin": own, "Sec-Fetch-Site": "cross-site"}, 403), ({"Sec-Fetch-Site": "CROSS-SITE"}, 403),
        ]:
            with self.subTest(fields=fields):
                answer = self.exporter.get("/-/reload", "POST", fields, authorization=basic("owner", "o"))
                self.assertEqual(answer.status, status)
                # Looking is not writing.
                self.assertEqual(self.exporter.status("/", headers=fields, authorization=basic("owner", "o")), 200)


class Health(unittest.TestCase):
    OPEN = ["/healthz", "/readyz", "/-/healthy", "/-/ready"]

    def test_without_credentials_it_says_whether_and_not_why(self):
        for opens in [True, False]:
            with WebFile(basic_auth_users={"prom": bcrypt(PASSWORD)}, health_without_auth=opens) as web:
                with FakeAgent() as agent, LockedExporter(web, agent.url) as exporter:
                    agent.say("the agent's secret", "500 Internal Server Error")
                    known = {"authorization": basic("prom", PASSWORD)}
                    wait_until(lambda: "answered 500" in exporter.get("/healthz", **known).text)
                    for path in self.OPEN:
                        with self.subTest(opens=opens, path=path):
                            answer = exporter.get(path)
                            self.assertEqual(answer.status, 200 if opens else 401)
                            for word in ["last_error", "agent", "500", "secret", "UNREACHABLE", "state", "failures"]:
                                self.assertNotIn(word, answer.text)
                            self.assertEqual(exporter.get(path, authorization=basic("prom", "wrong")).status, 401)
                    for path in set(PLACES) - set(self.OPEN):
                        self.assertEqual(exporter.get(path).status, 401, path)
                    self.assertEqual(exporter.get("/healthz", "POST").status, 401)


class Rate(unittest.TestCase):
    def test_too_many_are_told_when_to_come_again(self):
        with WebFile(rate_limit={"interval": "30s", "burst": 5}) as web, LockedExporter(web) as exporter:
            answers = [exporter.get() for _ in range(8)]
            self.assertEqual([answer.status for answer in answers], [200] * 5 + [429] * 3)
            for answer in answers[5:]:
                self.assertIn(int(answer.headers["retry-after"]), range(20, 31))
                self.assertEqual(answer.text, "too many requests\n")

    def test_it_counts_them_on_one_connection_too(self):
        with WebFile(rate_limit={"interval": "30s", "burst": 20}) as web, LockedExporter(web) as exporter:
            connection = http.client.HTTPConnection("127.0.0.1", exporter.port, timeout=10)
            statuses = []
            for _ in range(30):
                connection.request("GET", "/metrics")
                answer = connection.getresponse()
                answer.read()
                statuses.append(answer.status)
            connection.close()
            self.assertEqual(statuses, [200] * 20 + [429] * 10)

    def test_it_comes_back(self):
        with WebFile(rate_limit={"interval": "1s", "burst": 1}) as web, LockedExporter(web) as exporter:
            self.assertEqual([exporter.status(), exporter.status()], [200, 429])
            refused = exporter.get()
            time.sleep(int(refused.headers["retry-after"]))
            answer = exporter.get()
            self.assertEqual([answer.status, exporter.status()], [200, 429])
            self.assertRegex(answer.text, r'http_refused_total\{reason="rate_limited"\} [23]\n')


if __name__ == "__main__":
    unittest.main()
