"""The pipeline worker under test, and webhooks for it."""

import hashlib
import hmac
import http.client
import json
import pathlib
import time

from support import BINARY, Answer, Server, free_port, wait_until

WORKER = str(pathlib.Path(BINARY).with_name("pipeline-worker"))
SECRET = "mysecretkey"


def signature(body, secret=SECRET, at=None):
    moment = int(time.time() if at is None else at)
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def samples(text):
    """Every line that is no comment, by what stands before its value."""
    return dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))


class Worker(Server):
    """A worker that listens everywhere when this returns."""

    def __init__(self, *flags, environment=None, ready=True, binary=WORKER):
        self.port, self.metrics_port, self.status_port, self.actuator_port = (free_port() for _ in range(4))
        self.environment = {"WEBHOOK_SECRET": SECRET} | (environment or {})
        places = {
            "web": self.port, "metrics": self.metrics_port, "status": self.status_port, "actuator": self.actuator_port
        }
        addresses = [f"--{name}.listen-address=127.0.0.1:{port}" for name, port in places.items()]
        super().__init__(*addresses, *flags, environment=self.environment, binary=binary)
        if ready:
            wait_until(lambda: self.is_listening() and "msg=starting" in self.log, what="the worker listens")

    def at(self, port, path, method="GET", headers=None, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request(method, path, headers=headers or {}, body=body)
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def webhook(self, body=b"{}", header=..., **how):
        header = signature(body, **how) if header is ... else header
        fields = {"Content-Type": "application/json"} | ({"Petzi-Signature": header} if header else {})
        return self.at(self.port, "/webhook", "POST", fields, body)

    @property
    def webhooks(self):
        """How many were taken, and how many not."""
        found = samples(self.get().text)
        return tuple(int(found[f'webhook_requests_total{{status="{status}"}}']) for status in ("success", "failure"))

    @property
    def samples(self):
        return samples(self.at(self.metrics_port, "/metrics").text)

    def wait_for(self, series, value, seconds=10):
        return wait_until(lambda: self.samples.get(series) == str(value), seconds, f"{series} = {value}")

    @property
    def info(self):
        return json.loads(self.at(self.actuator_port, "/actuator/info").bytes)

    @property
    def status(self):
        return json.loads(self.at(self.status_port, "/status.json").bytes)
