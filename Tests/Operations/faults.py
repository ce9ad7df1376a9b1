"""How soon somebody is told: nine faults against the real Prometheus and Alertmanager, with the intervals, rules and waits
that are shipped. Prints the table of docs/operations.md. It takes ten minutes, so the tests do not run it, but measure-faults does.
"""

import contextlib
import sys
import time

from paging import Alertmanager, FlakyAgent, Pair, Receiver, watched
from support import wait_until

FAULTS = {
    "agent killed": lambda pair: pair.agent.process.kill(),
    "agent hangs": lambda pair: pair.change(hang=True),
    "agent answers after 10 s, twice the timeout": lambda pair: pair.change(latency="10s"),
    "agent answers 500": lambda pair: pair.change(status=500),
    "agent answers HTML": lambda pair: pair.change(body="<html>Sign in</html>"),
    "agent says STOPPED": lambda pair: pair.change(agentStatus="STOPPED"),
    "agent says PAUSED, a word that is not known": lambda pair: pair.change(agentStatus="PAUSED"),
    "every other poll fails": None,
    "exporter killed": lambda pair: pair.exporter.process.kill(),
}
SECONDS = 9.5 * 60


def main():
    with contextlib.ExitStack() as stack:
        receiver = stack.enter_context(Receiver())
        alertmanager = stack.enter_context(Alertmanager(receiver))
        flaky = stack.enter_context(FlakyAgent())
        pairs = {name: Pair(stack, agent=None if fault else flaky.address) for name, fault in FAULTS.items()}
        jobs = [
            {
                "job_name": f"agents-{number}/agent-exporter",
                "static_configs": [{"targets": [f"127.0.0.1:{pair.port}"], "labels": {"namespace": name, "pod": "agent-0"}}],
            }
            for number, (name, pair) in enumerate(pairs.items())
        ]
        prometheus = watched(stack, alertmanager, jobs, history=quiet_time(jobs))
        wait_until(lambda: all_run(prometheus), 60, "all agents run")
        start = time.monotonic()
        flaky.fails = True
        for name, fault in FAULTS.items():
            if fault:
                fault(pairs[name])
        wait_until(lambda: time.monotonic() - start > SECONDS, SECONDS + 60)
        print("| what happens | first ticket after | page after | text |\n|---|---|---|---|")
        for name in FAULTS:
            sent = receiver.fired(namespace=name)
            print(f"| {name} | {first(sent, 'tickets', start)} | {first(sent, 'pager', start)} | {text(sent)} |")


def quiet_time(jobs):
    """A quarter of an hour in which all was well, which averages are made of."""
    now = int(time.time())
    lines = ["# TYPE app_agent_up gauge"]
    for job in jobs:
        ((target,), labels) = job["static_configs"][0].values()
        written = {"job": job["job_name"], "instance": target, **labels}
        names = ",".join(f'{name}="{value}"' for name, value in written.items())
        lines += [f"app_agent_up{{{names}}} 1 {moment}" for moment in range(now - 900, now - 1, 15)]
    return "\n".join([*lines, "# EOF", ""])


def all_run(prometheus):
    data = prometheus.ask("query", query="sum(app_agent_status)")
    return data and data["result"] and float(data["result"][0]["value"][1]) == len(FAULTS)


def first(sent, receiver, start):
    moments = [moment - start for moment, path, _ in sent if path == receiver]
    return f"{moments[0] // 60:.0f}m {moments[0] % 60:.0f}s" if moments else "–"


def text(sent):
    alerts = [alert for *_, body in sent for alert in body["alerts"]]
    return "<br>".join(f"{each['labels']['alertname']}: {each['annotations']['description']}" for each in alerts)


if __name__ == "__main__":
    sys.exit(main())
