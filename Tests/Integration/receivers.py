"""Receivers of webhooks for tests, which verify with Python's own hmac and count what they have answered."""

import hashlib
import hmac
import http.server
import json
import socketserver
import threading
import time

SECRET = "mysecretkey"


def verdict(body, header):
    """The status that a receiver of signed webhooks answers."""
    parts = dict(part.split("=", 1) for part in header.split(","))
    expected = hmac.new(SECRET.encode(), parts["t"].encode() + b"." + body, hashlib.sha256).hexdigest()
    if abs(time.time() - int(parts["t"])) > 30 or not hmac.compare_digest(expected, parts["v1"]):
        return 401
    return 200


class Receiver:
    """Takes webhooks on a free port. `answer` gives the status for one that is well signed, or None to close without an answer.

    `judge` says what a signature is worth; `protocol` is HTTP/1.0 for one that closes after each answer.
    """

    def __init__(self, answer=lambda event, number: 200, judge=verdict, tls=None, protocol="HTTP/1.1"):
        self.statuses, self.events, self.bytes, self.heads = [], [], 0, []
        lock = threading.Lock()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = protocol
            # The head and the body of an answer are one write.
            wbufsize = -1

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with lock:
                    receiver.bytes += len(body)
                    receiver.events.append(json.loads(body))
                    receiver.heads.append(dict(self.headers))
                    event, number = receiver.events[-1], len(receiver.events)
                status = judge(body, self.headers["Petzi-Signature"])
                if status == 200:
                    status = answer(event, number)
                with lock:
                    receiver.statuses.append(status)
                if status is None:
                    self.close_connection = True
                    return
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
            daemon_threads = True
            block_on_close = False
            request_queue_size = 128

            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        if tls:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.base = f"{'https' if tls else 'http'}://127.0.0.1:{self.server.server_address[1]}"
        self.url = self.base + "/webhook"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def count(self, status):
        return self.statuses.count(status)
