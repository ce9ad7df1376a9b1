"""Lines that the binary has written, and the index that they go to."""

import functools
import json
import signal
import urllib.request

from support import BINARY, DEPLOY, Process, free_port, wait_until

FOLDER = DEPLOY / "fluent-bit"
TEMPLATE = json.loads((FOLDER / "elasticsearch/index-template.json").read_text())
PROPERTIES = TEMPLATE["template"]["mappings"]["properties"]


def type_of(name):
    """The type of a field in the index, by its dotted name."""
    at = {"properties": PROPERTIES}
    for part in name.split("."):
        at = (at.get("properties") or at.get("fields"))[part]
    return at["type"]


def post(port, **settings):
    request = urllib.request.Request(f"http://127.0.0.1:{port}/simulate", json.dumps(settings).encode())
    urllib.request.urlopen(request, timeout=5).close()


@functools.cache
def written_lines():
    """Lines of a run in which everything happens that can be made to happen within seconds."""
    port, control = free_port(), free_port()
    with Process(
        "env",
        "MAX_RETRY_ATTEMPTS=3",
        BINARY,
        "demo",
        "--log.format=json",
        f"--web.listen-address=127.0.0.1:{port}",
        f"--simulate.control-address=127.0.0.1:{control}",
        "--agent.poll-interval=20ms",
        "--agent.backoff-initial=20ms",
        "--agent.backoff-max=20ms",
        "--agent.max-age=200ms",
    ) as program:

        def until(text, count=1):
            wait_until(lambda: program.output.count(text) >= count, what=f"{count} × {text} in {program.output}")

        until('"state":"running"')
        post(control, status=503)
        until('"reason":"status"')
        until('"state":"unreachable"')
        post(control, status=200, body="no JSON")
        until('"reason":"invalid_json"')
        until('"state":"unknown"')
        post(control, body=None, agentStatus="SHUTTING_DOWN")
        until('"state":"shutting_down"')
        until("agent answers again")
        program.process.send_signal(signal.SIGTERM)
        until('"draining"')
        program.process.send_signal(signal.SIGTERM)
        program.process.wait(10)
        return program.output.splitlines()


def some_logfmt_lines():
    """Of an exporter whose agent is not there."""
    nobody = f"--agent.url=http://127.0.0.1:{free_port()}/"
    with Process(BINARY, f"--web.listen-address=127.0.0.1:{free_port()}", nobody) as program:
        wait_until(lambda: "agent state" in program.output and "poll failed" in program.output, what="a failed poll")
        return program.output.splitlines()
