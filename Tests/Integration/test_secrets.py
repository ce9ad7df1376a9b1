"""No secret is shown anywhere: each run has random words for secrets, and every place where something can be read is searched
for them. Each search first finds a word that has to be there, so that it cannot come to nothing by looking in the wrong place."""

import base64
import json
import os
import secrets
import tempfile
import unittest

from support import Exporter, FakeAgent, Program, run, wait_until

FULL = {"agentStatus": "RUNNING", "activeTaskCount": 3, "activeRequestCount": 4, "openSessionsCount": 5}
PLACES = ["/", "/status.json", "/healthz", "/readyz", "/health", "/metrics", "/nowhere"]


def word():
    """They all begin alike, so that one which was cut is found, too."""
    return "sesame" + secrets.token_hex(8)


class Listener(FakeAgent):
    """An agent that keeps what it was asked, and may answer with it."""

    def __init__(self):
        super().__init__(json.dumps(FULL).encode())
        self.requests = []
        self.respond = lambda head: self.ok(json.dumps(FULL).encode())
        outer = self

        class Handler(self.server.RequestHandlerClass):
            def handle(self):
                while True:
                    head = b""
                    while not head.endswith(b"\r\n\r\n"):
                        line = self.rfile.readline()
                        if not line:
                            return
                        head += line
                    outer.requests.append(head.decode())
                    self.wfile.write(outer.respond(head.decode()))

        self.server.RequestHandlerClass = Handler

    def field(self, name):
        """The value of that field in the last request."""
        lines = self.requests[-1].split("\r\n") if self.requests else []
        found = [line.partition(": ")[2] for line in lines if line.lower().startswith(name.lower() + ":")]
        return found[0] if len(found) == 1 else found or None


def forms(secret, user="robot"):
    """A secret, and as it is sent."""
    return [secret, base64.b64encode(f"{user}:{secret}".encode()).decode()]


class Secrets(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        self.agent = Listener()
        self.addCleanup(self.agent.close)

    def file(self, text, name="secret"):
        path = os.path.join(self.directory.name, name)
        with open(path + ".new", "w") as file:
            file.write(text)
        os.rename(path + ".new", path)
        return path

    def assert_hidden(self, words, text, where, present=""):
        self.assertIn(present, text, f"{where} is not what was to be searched")
        for each in ["sesame", *words]:
            self.assertNotIn(each, text, f"in {where}")

    def assert_silent(self, exporter, words, log="level=info"):
        for path in PLACES:
            answer = exporter.get(path)
            self.assertGreater(len(answer.text), 0)
            self.assert_hidden(words, answer.text + str(answer.headers), path)
        self.assert_hidden(words, exporter.get("/nowhere", method="POST", headers={"X": "y"}).text, "an error page")
        self.assert_hidden(words, exporter.log, "the log", log)

    def kinds(self):
        """Arguments and variables with a secret in each, by what they mean; the secret; what the agent then gets."""
        password, token, value = word(), word(), word()
        basic = "Basic " + base64.b64encode(f"robot:{password}".encode()).decode()
        return [
            (["--agent.basic-auth-user=robot", f"--agent.basic-auth-password={password}"], {}, password, basic),
            (["--agent.basic-auth-user", "robot", "--agent.basic-auth-password", password], {}, password, basic),
            ([], {"AGENT_BASIC_AUTH_USER": "robot", "AGENT_BASIC_AUTH_PASSWORD": password}, password, basic),
            (
                ["--agent.basic-auth-user=robot", f"--agent.basic-auth-password-file={self.file(password, 'p')}"],
                {},
                password,
                basic,
            ),
            ([f"--agent.bearer-token={token}"], {}, token, f"Bearer {token}"),
            (["--agent.bearer-token", token], {}, token, f"Bearer {token}"),
            ([], {"AGENT_BEARER_TOKEN": token}, token, f"Bearer {token}"),
            ([f"--agent.bearer-token-file={self.file(token, 't')}"], {}, token, f"Bearer {token}"),
            ([f"--agent.header=Authorization=Key {value}"], {}, value, f"Key {value}"),
            (["--agent.header", f"Authorization=Key {value}"], {}, value, f"Key {value}"),
            ([], {"AGENT_HEADERS": f"X-Other=x\nAuthorization=Key {value}"}, value, f"Key {value}"),
            ([f"--agent.header-file=Authorization={self.file('Key ' + value, 'v')}"], {}, value, f"Key {value}"),
        ]

    def test_each_kind_reaches_the_agent_and_nobody_else(self):
        for number, (arguments, environment, secret, sent) in enumerate(self.kinds()):
            style = ["--log.level=debug", f"--log.format={['logfmt', 'json'][number % 2]}"]
            words = forms(secret)
            with self.subTest(arguments=arguments[:1], environment=list(environment)):
                with Exporter(self.agent.url, *arguments, *style, environment=environment) as exporter:
                    exporter.wait_for("app_agent_up", "1")
                    self.assertEqual(self.agent.field("authorization"), sent)
                    self.assert_silent(exporter, words, "configured")
                    with open(f"/proc/{exporter.process.pid}/cmdline") as file:
                        shown = file.read()
                    self.assert_hidden(words, shown, "the list of processes", "--log.level=debug")
                    if secret in " ".join(arguments) and secret not in str(environment):
                        self.assertIn("x" * len(secret), shown)
                        self.assertIn("<secret>", exporter.log)
                self.assert_hidden(words, exporter.log if not exporter.log_file.closed else "", "the log at its end")

    def test_ps_shows_what_is_no_secret(self):
        arguments = ["--agent.bearer-token=" + word(), "--agent.header", "X-A=" + word(), "--agent.timeout=4s"]
        with Exporter(self.agent.url, *arguments) as exporter:
            with open(f"/proc/{exporter.process.pid}/cmdline") as file:
                shown = file.read().split("\0")
            self.assertIn("--agent.timeout=4s", shown)
            self.assertIn("--agent.bearer-token=" + "x" * 22, shown)
            self.assertEqual(shown[shown.index("--agent.header") + 1], "x" * 26)

    def test_an_agent_that_repeats_what_it_was_sent_is_not_repeated(self):
        password, key = word(), word()
        words = [*forms(password), key]

        def echo(status, kind="text/html", before=b"", coding=""):
            def respond(head):
                body = before + head[head.index("Authorization") :].encode() + password.encode() + key.encode()
                extra = f"Content-Encoding: {coding}\r\n" if coding else ""
                return f"HTTP/1.1 {status}\r\n{extra}Content-Length: {len(body)}\r\n\r\n".encode() + body

            return respond

        def redirect(head):
            place = f"http://robot:{password}@elsewhere/?key={key}"
            return f"HTTP/1.1 302 Found\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n".encode()

        def relative(head):
            place = f"http://elsewhere/{password}"
            return f"HTTP/1.1 302 Found\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n".encode()

        def json_of(head):
            build = {"version": password, "commitHash": key, "buildTimestamp": "at " + forms(password)[1]}
            return self.agent.ok(json.dumps(FULL | {"agentStatus": password, "buildInfo": build}).encode())

        cases = [
            (echo("401 No"), "answered 401; it was sent what --agent.basic-auth-password and --agent.header has"),
            (echo("403 No"), "answered 403; it was sent"),
            (echo("500 No"), "answered 500"),
            (echo("200 OK"), "<secret>"),
            # Where it would be cut: 80 bytes are shown.
            *[(lambda head, dots=dots: self.agent.ok(b"." * dots + password.encode()), "..") for dots in (58, 65, 73)],
            (lambda head: b"SMTP " + password.encode() + b"\r\n\r\n", "malformed_http"),
            (echo("200 OK", coding=password), "encoded (<secret>)"),
            (redirect, "the server sends us to …@elsewhere/?key=<secret>"),
            (relative, "the server sends us to http://elsewhere/<secret>"),
        ]
        arguments = ["--agent.basic-auth-user=robot", f"--agent.basic-auth-password={password}"]
        for respond, said in cases:
            self.agent.respond = respond
            with Exporter(
                self.agent.url, *arguments, f"--agent.header=X-Key={key}", "--log.level=debug"
            ) as exporter:
                wait_until(lambda: exporter.health["agent"]["last_error"], what="an error")
                self.assertIn(said, exporter.health["agent"]["last_error"])
                wait_until(lambda: "poll failed" in exporter.log)
                self.assert_silent(exporter, words)
        self.agent.respond = lambda head: self.agent.ok(b"key: " + key.encode())
        with Exporter(self.agent.url, f"--agent.header=Authorization=Key {key}") as exporter:
            wait_until(lambda: exporter.health["agent"]["last_error"], what="an error")
            self.assert_silent(exporter, words)
        self.agent.respond = json_of
        with Exporter(self.agent.url, *arguments, f"--agent.header=X-Key={key}", "--log.level=debug") as exporter:
            exporter.wait_for("app_agent_up", "1")
            wait_until(lambda: "a status that is not known" in exporter.log)
            self.assertEqual(exporter.health["agent"]["reported"], "<secret>")
            self.assert_silent(exporter, words)

    def test_who_is_refused_without_a_credential_is_told_the_flags(self):
        self.agent.respond = lambda head: self.agent.ok(b"", "401 Unauthorized")
        with Exporter(self.agent.url) as exporter:
            wait_until(lambda: exporter.health["agent"]["last_error"], what="an error")
            error = exporter.health["agent"]["last_error"]
            self.assertIn("no credential was sent", error)
            self.assertIn("--agent.bearer-token-file", error)

    def test_a_file_may_come_change_and_go(self):
        path = os.path.join(self.directory.name, "secret")
        one, two = word(), word()
        reason = 'agent_exporter_poll_failures_total{reason="credentials"}'
        with Exporter(self.agent.url, f"--agent.bearer-token-file={path}", "--log.level=debug") as exporter:
            wait_until(lambda: float(exporter.samples[reason]) > 0, what="the first poll fails")
            self.assertIn(f"credentials: --agent.bearer-token-file: stat {path}", exporter.health["agent"]["last_error"])
            self.assertEqual(self.agent.requests, [], "nothing is asked without it")
            self.assertIn("credentials for the agent cannot be read", exporter.get("/").text)
            self.file(one + "\n")
            exporter.wait_for("app_agent_up", "1")
            self.assertIn("agent answers again", exporter.log)
            self.assertEqual(self.agent.field("authorization"), f"Bearer {one}")
            self.file(two + "\n")
            wait_until(lambda: self.agent.field("authorization") == f"Bearer {two}", what="the new token")
            self.file("")
            exporter.wait_for("app_agent_up", "0")
            self.assertIn("it is empty", exporter.health["agent"]["last_error"])
            self.file(f"{one} {two}")
            wait_until(lambda: "a space" in exporter.health["agent"]["last_error"], what="what is wrong now")
            self.assert_silent(exporter, [one, two], "reason=credentials")
            self.file(one)
            exporter.wait_for("app_agent_up", "1")
            self.assertEqual(self.agent.field("authorization"), f"Bearer {one}")
            self.assert_silent(exporter, [one, two])

    def test_a_file_that_comes_late_is_not_waited_for_as_long_as_a_poll(self):
        path = os.path.join(self.directory.name, "secret")
        slow = ["--agent.backoff-initial=1h", "--agent.backoff-max=1h"]
        with Exporter(self.agent.url, f"--agent.bearer-token-file={path}", *slow) as exporter:
            wait_until(lambda: "reason=credentials" in exporter.log)
            self.assertIn("or as soon as they can be read", exporter.get("/").text)
            self.file(word())
            exporter.wait_for("app_agent_up", "1")

    def test_a_pipe_that_nobody_writes_to_holds_nothing_up(self):
        path = os.path.join(self.directory.name, "secret")
        os.mkfifo(path)
        with Exporter(self.agent.url, f"--agent.bearer-token-file={path}") as exporter:
            wait_until(lambda: exporter.health["agent"]["last_error"], what="an error")
            self.assertIn(path, exporter.health["agent"]["last_error"])

    def test_no_mistake_in_the_command_line_shows_one(self):
        secret = word()
        runs = [
            ([f"--agent.bearer-token={secret} x"], {}),
            (["--agent.bearer-token", f"{secret}\n"], {}),
            ([f"--agent.bearer-token={secret}", f"--agent.bearer-token-file={secret}"], {}),
            ([f"--agent.basic-auth-password={secret}"], {}),
            ([f"--agent.basic-auth-password={secret}\x01", "--agent.basic-auth-user=u"], {}),
            ([f"--agent.header={secret}"], {}),
            ([f"--agent.header={secret} x=y"], {}),
            ([f"--agent.header=Host={secret}"], {}),
            ([f"--agent.header=X={secret}\r\nY: z"], {}),
            ([f"--agent.bearer-tokn={secret}"], {}),
            ([f"-agent.bearer-token={secret}"], {}),
            ([f"agent.bearer-token={secret}"], {}),
            ([f"--agent.bearer-token:{secret}"], {}),
            (["--agent.basic-auth-password=a", secret], {}),
            ([f"--agent.url=http://u:{secret}@h/"], {}),
            ([f"--agent.url=http://u:{secret}/{secret}@h/"], {}),
            ([f"--agent.url=htp:/u:{secret}@h/"], {}),
            (["healthcheck", f"--url=http://u:{secret}@h/"], {}),
            (["healthcheck", f"--bearer-token={secret} x"], {}),
            (["simulate-agent", f"--agent.bearer-token={secret}"], {}),
            ([], {"AGENT_BEARER_TOKEN": f"{secret}\n"}),
            ([], {"AGENT_BASIC_AUTH_PASSWORD": secret}),
            ([], {"AGENT_HEADERS": f"X-A={secret}\nX-B"}),
            ([], {"METRICS_ENDPOINT": f"http://u:{secret}@h/"}),
            ([], {"HEALTHCHECK_BEARER_TOKEN": secret, "HEALTHCHECK_BASIC_AUTH_USER": "u", "LOG_LEVEL": "wrong"}),
        ]
        for style in ("logfmt", "json"):
            for arguments, environment in runs:
                with self.subTest(arguments=arguments, environment=environment):
                    ended = run(*arguments, environment=environment | {"LOG_FORMAT": style})
                    self.assertEqual(ended.returncode, 2, ended.stderr)
                    self.assert_hidden([secret], ended.stdout + ended.stderr, "an error", "agent-exporter --help")

    def test_help_and_reference_have_none_and_a_variable_that_is_nearly_one_is_told_by_its_name(self):
        secret = word()
        environment = {"AGENT_BEARER_TOKEN": secret, "AGENT_TLS_SERVER_NAMES": secret}
        for flag in ("--help", "--help-markdown", "--help-man", "--completion-script-zsh", "--version"):
            shown = run(f"--agent.bearer-token={secret}", flag, environment=environment).stdout
            self.assert_hidden([secret], shown, flag)
            self.assertGreater(len(shown), 10)
        with Exporter(self.agent.url, environment={"AGENT_BEARER_TOKN": secret}) as exporter:
            wait_until(lambda: "AGENT_BEARER_TOKN" in exporter.log)
            self.assert_silent(exporter, [secret])

    def test_healthcheck_asks_by_a_socket_as_somebody_who_is_known(self):
        secret = word()
        flags = [
            (["--basic-auth-user=robot", f"--basic-auth-password={secret}"], {}, "Basic " + forms(secret)[1]),
            (["--basic-auth-user=robot", f"--basic-auth-password-file={self.file(secret)}"], {}, "Basic " + forms(secret)[1]),
            (["--bearer-token", secret], {}, f"Bearer {secret}"),
            ([], {"HEALTHCHECK_BEARER_TOKEN": secret}, f"Bearer {secret}"),
            ([f"--bearer-token-file={self.file(secret)}"], {}, f"Bearer {secret}"),
        ]
        for arguments, environment, sent in flags:
            self.agent.respond = lambda head: self.agent.ok(b"", "200 OK" if sent in head else "401 No")
            checked = run("healthcheck", f"--url={self.agent.url}", *arguments, environment=environment)
            self.assertEqual(checked.returncode, 0, checked.stdout)
            self.agent.respond = lambda head: self.agent.ok(head.encode(), "401 No")
            refused = run("healthcheck", f"--url={self.agent.url}", *arguments, environment=environment)
            self.assertEqual(refused.returncode, 1)
            self.assert_hidden(forms(secret), refused.stdout + refused.stderr, "what it says", "it was sent what --b")
        missing = run("healthcheck", f"--url={self.agent.url}", "--bearer-token-file=/nowhere/at/all")
        self.assertEqual(missing.returncode, 1)
        self.assertIn("/nowhere/at/all", missing.stdout)
        socket = os.path.join(self.directory.name, "socket")
        with Program(f"--web.listen-address=unix:{socket}", f"--agent.url={self.agent.url}"):
            wait_until(lambda: run("healthcheck", f"--unix={socket}").returncode == 0, what="it is found by its socket")
        self.assertEqual(run("healthcheck", f"--unix={socket}").returncode, 1)


if __name__ == "__main__":
    unittest.main()
