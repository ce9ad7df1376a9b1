"""What the load tester sends: how many requests, with which methods, bodies and credentials, and to whom."""

import base64
import collections
import http.server
import json
import socketserver
import tempfile
import threading
import unittest

from test_loadtest import QUICK, loadtest

Seen = collections.namedtuple("Seen", "method path headers body")


class Recorder:
    """A server that keeps what it is asked, and answers 200 with a line; /missing is 404."""

    def __init__(self, path=None):
        self.seen = []
        recorder = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                recorder.seen.append(Seen(self.command, self.path, dict(self.headers), body))
                text = b"up 1\n"
                self.send_response(404 if self.path == "/missing" else 200)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(text)

            do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer

            def address_string(self):
                return "peer"

            def log_message(self, *_):
                pass

        kind = socketserver.ThreadingUnixStreamServer if path else socketserver.ThreadingTCPServer
        kind.request_queue_size = 64
        self.server = kind(path or ("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = "" if path else f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class RequestsTest(unittest.TestCase):
    def test_requests_are_as_many_as_were_asked_for(self):
        for flags in (["--rate=500"], ["--rate=max"], ["--scrapers=7", "--interval=50ms"], ["--rate=max", "--threads=2"]):
            for count in (["-n", "30"], ["-n30"], ["--requests=30"]):
                with self.subTest(flags=flags, count=count), Recorder() as server:
                    run = loadtest(server.url, *flags, *count, "--json")
                    result = json.loads(run.stdout)
                    self.assertEqual((run.returncode, result["answers"], len(server.seen)), (0, 30, 30))
                    self.assertEqual((result["target_requests"], result["interrupted"]), (30, False))
        with Recorder() as server:
            # Whichever comes first.
            result = json.loads(loadtest(server.url, "-n1000", *QUICK, "--json").stdout)
            self.assertEqual((result["answers"], result["measured_seconds"]), (100, 0.5))
            # Failures are requests, too.
            result = json.loads(loadtest(f"{server.url}/missing", "-n10", "--json").stdout)
            self.assertEqual((result["answers"], result["errors"]["status"]), (0, 10))

    def test_methods_and_bodies_arrive(self):
        with Recorder() as server, tempfile.NamedTemporaryFile() as file:
            file.write(b'{"a": 1}')
            file.flush()
            body = f"--body-file={file.name}"
            for flags, stdin, seen in [
                ([], None, ("GET", None, b"")),
                (["--method=head"], None, ("HEAD", None, b"")),
                (["--method=DELETE"], None, ("DELETE", None, b"")),
                (["--method=OPTIONS"], None, ("OPTIONS", None, b"")),
                ([body], None, ("POST", "application/json", b'{"a": 1}')),
                ([body, "--method=PUT"], None, ("PUT", "application/json", b'{"a": 1}')),
                ([body, "--method=PATCH", "--header=Content-Type: a/b"], None, ("PATCH", "a/b", b'{"a": 1}')),
                (["--body-file=-"], b"up 1\n", ("POST", "text/plain; charset=utf-8", b"up 1\n")),
                (["--body-file", "-"], b"\xff" * 5_000_000, ("POST", "application/octet-stream", b"\xff" * 5_000_000)),
                (["--method=POST"], None, ("POST", None, b"")),
            ]:
                with self.subTest(flags=flags):
                    server.seen.clear()
                    run = loadtest(server.url, "-n3", "--connections=2", "--expect-errors=0", *flags, stdin=stdin)
                    self.assertEqual(run.returncode, 0, run.stdout)
                    found = {(each.method, each.headers.get("Content-Type"), each.body) for each in server.seen}
                    self.assertEqual((found, len(server.seen)), ({seen}, 3))
        run = loadtest("http://127.0.0.1:1/", "--body-file=-", stdin=b"x" * (16 << 20) + b"x")
        self.assertEqual((run.returncode, run.stdout), (2, b""))
        self.assertIn(b"at most 16777216 bytes", run.stderr)

    def test_credentials_arrive_and_are_seen_nowhere_else(self):
        basic, bearer = "Basic " + base64.b64encode(b"me:sesame").decode(), "Bearer sesame"
        with Recorder() as server, tempfile.TemporaryDirectory() as directory:
            files = {"user": "me:sesame", "token": "sesame"}
            for name, text in files.items():
                with open(f"{directory}/{name}", "w") as file:
                    file.write(f"{text}\n")
            for flag, expected in [
                ("--user=me:sesame", basic),
                (f"--user-file={directory}/user", basic),
                ("--token=sesame", bearer),
                (f"--token-file={directory}/token", bearer),
            ]:
                for path, form in [("/", "--json"), ("/missing", "--json"), ("/missing", "--no-json")]:
                    with self.subTest(flag=flag, path=path, form=form):
                        server.seen.clear()
                        run = loadtest(server.url + path, "-n3", flag, form)
                        self.assertEqual({each.headers.get("Authorization") for each in server.seen}, {expected})
                        for secret in (b"sesame", expected.partition(" ")[2].encode()):
                            self.assertNotIn(secret, run.stdout + run.stderr)
            with open(f"{directory}/bad", "w") as file:
                file.write("sesame and\nmore sesame")
            for flags in [
                ["--user=sesame"], ["--token=open sesame"], ["--token=sesame\n"], [f"--user-file={directory}/bad"],
                [f"--token-file={directory}/bad"], ["--token=sesame", "--user=me:sesame"],
            ]:  # fmt: skip
                with self.subTest(flags=flags):
                    run = loadtest(server.url, *flags)
                    self.assertEqual((run.returncode, run.stdout), (2, b""))
                    self.assertIn(flags[0].partition("=")[0].encode(), run.stderr)
                    self.assertNotIn(b"sesame", run.stderr)

    def test_a_unix_socket_stands_for_every_host(self):
        with tempfile.TemporaryDirectory() as directory, Recorder(f"{directory}/s") as server:
            run = loadtest("http://nobody.invalid:9/a", "http://[::1]/b", f"--unix={directory}/s", "-n20", "--json")
            result = json.loads(run.stdout)
            self.assertEqual((run.returncode, result["answers"]), (0, 20), run.stdout)
            asked = collections.Counter((each.headers["Host"], each.path) for each in server.seen)
            self.assertEqual(asked, {("nobody.invalid:9", "/a"): 10, ("[::1]", "/b"): 10})
            run = loadtest("http://a/", f"--unix={directory}/none", "-n1", "--json")
            self.assertIn(f"{directory}/none", json.loads(run.stdout)["first_errors"]["connect"])

    def test_several_urls_are_asked_alike_and_reported_apart(self):
        with Recorder() as one, Recorder() as other:
            urls = [f"{one.url}/a", f"{other.url}/missing", f"{one.url}/c"]
            run = loadtest(*urls, "-n60", "--rate=600", "--json")
            result = json.loads(run.stdout)
            self.assertEqual([each["url"] for each in result["urls"]], urls)
            self.assertEqual([each["answers"] for each in result["urls"]], [20, 0, 20])
            self.assertEqual([each["errors"]["status"] for each in result["urls"]], [0, 20, 0])
            self.assertEqual((result["answers"], result["errors"]["total"]), (40, 20))
            self.assertEqual((result["first_errors"]["status"], result["first_errors"]["reset"]), ("404", None))
            self.assertEqual(collections.Counter(each.path for each in one.seen), {"/a": 20, "/c": 20})
            self.assertEqual(collections.Counter(each.path for each in other.seen), {"/missing": 20})
            lines = loadtest(*urls, "-n60", "--rate=600").stdout.decode().splitlines()
            self.assertEqual(lines[0], "3 URLs")
            for name in [*urls, "all"]:
                self.assertEqual(sum(line.endswith(f"   {name}") for line in lines), 1, lines)


if __name__ == "__main__":
    unittest.main()
