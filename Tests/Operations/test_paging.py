"""One outage, one message: the rules and inhibitions that are shipped, played on the real Prometheus and Alertmanager.

A minute takes two seconds, in the rules, in Alertmanager's configuration and in the exporters' flags.
"""

import contextlib
import json
import pathlib
import tempfile
import time
import unittest

from paging import QUICKER, Alertmanager, FlakyAgent, Pair, Receiver, quick_rules, watched
from support import wait_until

QUICK = (
    "--agent.poll-interval=50ms",
    "--agent.backoff-initial=50ms",
    "--agent.backoff-max=1s",
    "--agent.timeout=500ms",
    "--agent.max-age=1s",
)
# What happens, and the only alert that somebody is told of: (name, what is done, alert, who gets it).
OUTAGES = (
    ("killed", lambda pair: pair.agent.process.kill(), "AgentDown", "pager"),
    ("hangs", lambda pair: pair.change(hang=True), "AgentDown", "pager"),
    ("garbage", lambda pair: pair.change(body="<html>Sign in</html>"), "AgentDown", "pager"),
    ("stopped", lambda pair: pair.change(agentStatus="STOPPED"), "AgentDown", "pager"),
    ("word", lambda pair: pair.change(agentStatus="PAUSED"), "AgentStatusUnknown", "tickets"),
    ("sessions", lambda pair: pair.change(openSessionsCount=300), "AgentConnectionsExhausted", "pager"),
    ("exporter", lambda pair: pair.exporter.process.kill(), "AgentExporterDown", "pager"),
)
# Longer than the `for` of any alert that might follow, and than Alertmanager waits.
MINUTES = 14


class Messages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        stack = cls.enterClassContext(contextlib.ExitStack())
        cls.receiver = stack.enter_context(Receiver())
        cls.alertmanager = stack.enter_context(Alertmanager(cls.receiver, quick=True))
        directory = stack.enter_context(tempfile.TemporaryDirectory())
        cls.rules = quick_rules(directory)
        cls.pairs = {name: Pair(stack, *QUICK) for name, *_ in OUTAGES}
        cls.flaky = stack.enter_context(FlakyAgent())
        cls.pairs["half"] = Pair(stack, *QUICK, agent=cls.flaky.address)
        cls.pairs["lone"] = Pair(stack, *QUICK)
        targets = {name: f"127.0.0.1:{pair.port}" for name, pair in cls.pairs.items()}
        jobs = [
            {
                "job_name": f"{name}/agent-exporter",
                "static_configs": [{"targets": [target], "labels": {"namespace": name, "pod": f"{name}-0"}}],
            }
            for name, target in targets.items()
            if name != "lone"
        ]
        # A target that goes is missed by a Prometheus that has no other.
        cls.targets = pathlib.Path(directory, "targets.json")
        cls.targets.write_text(json.dumps([{"targets": [targets["lone"]]}]))
        lone = [{"job_name": "agent-exporter", "file_sd_configs": [{"files": [str(cls.targets)], "refresh_interval": "1s"}]}]
        options = {"interval": "500ms", "rules": cls.rules, "flags": ["--query.lookback-delta=10s"]}
        cls.all = watched(stack, cls.alertmanager, jobs, **options)
        cls.one = watched(stack, cls.alertmanager, lone, **options)
        wait_until(cls.alertmanager.answers, what="Alertmanager answers")
        wait_until(lambda: cls.running(cls.all) == len(jobs) and cls.running(cls.one) == 1, 30, "all agents run")

    @staticmethod
    def running(prometheus):
        data = prometheus.ask("query", query="sum(app_agent_status)")
        return data and data["result"] and float(data["result"][0]["value"][1])

    def test_one_message_for_each_outage(self):
        self.assertEqual(self.receiver.messages, [])
        self.flaky.fails = True
        for name, fault, *_ in OUTAGES:
            fault(self.pairs[name])
        self.targets.write_text("[]")
        start = time.monotonic()
        end = start + MINUTES * 60 / QUICKER
        wait_until(lambda: time.monotonic() > end, MINUTES * 60)
        expected = {name: [(receiver, alert)] for name, _, alert, receiver in OUTAGES}
        expected["half"] = [("tickets", "AgentPollFailures")]
        for name, messages in expected.items():
            with self.subTest(name):
                sent = self.receiver.fired(namespace=name)
                found = [(receiver, body["groupLabels"]["alertname"]) for _, receiver, body in sent]
                times = [(round(moment - start, 1), body["status"]) for moment, _, body in self.receiver.messages]
                self.assertEqual(found, messages, times)
                self.assertEqual([len(body["alerts"]) for *_, body in sent], [1])
        with self.subTest("the target is gone"):
            sent = [(receiver, body["groupLabels"]) for _, receiver, body in self.receiver.fired(alertname="AgentExporterAbsent")]
            self.assertEqual(sent, [("pager", {"alertname": "AgentExporterAbsent"})])
        self.assertEqual(len(self.receiver.fired()), len(expected) + 1)


if __name__ == "__main__":
    unittest.main()
