"""A sidecar as many are written, and as the one that agent-exporter replaces was: Flask under gunicorn, which fetches while it
is scraped, keeps what it got for 30 s, and says 0 when it gets nothing. AGENT_URL is what it fetches."""

import json
import os
import time
import urllib.request

from flask import Flask, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

LIFETIME = 30
TIMEOUT = 10

app = Flask(__name__)
registry = CollectorRegistry()
status = Gauge("app_agent_status", "Shows if the agent is running. (1 for running, 0 for not)", registry=registry)
counts = {
    "activeTaskCount": Gauge("app_active_task_count", "The number of active tasks.", registry=registry),
    "activeRequestCount": Gauge("app_active_request_count", "The number of active requests.", registry=registry),
    "openSessionsCount": Gauge("app_open_sessions_count", "The number of open sessions.", registry=registry),
}
fetched_at = None


def fetch():
    with urllib.request.urlopen(os.environ["AGENT_URL"], timeout=TIMEOUT) as answer:
        return json.load(answer)


@app.route("/metrics")
def metrics():
    global fetched_at
    if fetched_at is None or time.monotonic() - fetched_at > LIFETIME:
        try:
            reading = fetch()
            fetched_at = time.monotonic()
        except (OSError, ValueError):
            reading = {}
        status.set(reading.get("agentStatus") == "RUNNING")
        for key, gauge in counts.items():
            gauge.set(reading.get(key, 0))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
