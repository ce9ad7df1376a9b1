"""The page at `/` and its JSON twin, as a browser and a program see them."""

import base64
import hashlib
import json
import re
import unittest

from support import Exporter, FakeAgent, wait_until


def sha256(text):
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def check_policy(test, page):
    """The policy names the script and the style that the page has, and lets nothing else in."""
    policy = dict(rule.split(" ", 1) for rule in page.headers["content-security-policy"].split("; "))
    script, style = (re.findall(f"<{name}>(.*?)</{name}>", page.text, re.S) for name in ("script", "style"))
    test.assertEqual([len(script), len(style)], [1, 1])
    test.assertEqual(policy["script-src"], f"'sha256-{sha256(script[0])}'", "PageScript+Renewal.swift")
    test.assertEqual(policy["style-src"], f"'sha256-{sha256(style[0])}'", "PageStyle.swift")
    test.assertEqual(policy["default-src"], "'none'")
    test.assertEqual(policy["connect-src"], "'self'")


class Page(unittest.TestCase):
    def test_the_policy_names_the_script_and_the_style_that_the_page_has(self):
        with FakeAgent(b'{"agentStatus":"RUNNING"}') as agent, Exporter(agent.url) as exporter:
            check_policy(self, exporter.get("/"))

    def test_page_and_json_follow_an_agent_through_an_outage(self):
        status = lambda: json.loads(exporter.get("/status.json").text)
        flags = ["--agent.max-age=300ms", "--agent.poll-interval=100ms", "--agent.backoff-initial=100ms"]
        flags += ["--agent.backoff-max=200ms", "--agent.gauge=app_queue=queue"]
        with FakeAgent(b'{"agentStatus":"RUNNING","activeTaskCount":7,"queue":3}') as agent, Exporter(agent.url, *flags) as exporter:
            wait_until(lambda: status()["condition"] == "running")
            seen = status()
            self.assertEqual(seen["values"]["counts"]["tasks"], {"last": 7, "exported": 7, "missing": False, "capacity": 20})
            self.assertEqual(seen["values"]["counts"]["requests"]["missing"], True)
            self.assertEqual(seen["values"]["gauges"], {"app_queue": 3})
            agent.say(b"<html>502 <b>Bad</b> Gateway</html>")
            wait_until(lambda: status()["condition"] == "unreadable")
            self.assertIn("<html>502 <b>Bad</b> Gateway</html>", status()["error"])
            page = exporter.get("/").text
            self.assertIn("<title>Unreadable – ", page)
            self.assertIn("&lt;html&gt;502 &lt;b&gt;Bad&lt;/b&gt; Gateway&lt;/html&gt;", page)
            self.assertIn("Last known values", page)
            agent.say(b'{"agentStatus":"P\\u202eAUSED"}')
            wait_until(lambda: status()["condition"] == "unknown")
            self.assertEqual(status()["agent"]["reported"], "P\u202eAUSED")
            agent.say(b'{"agentStatus":"RUNNING"}')
            wait_until(lambda: status()["condition"] == "running")
            conditions = [event["condition"] for event in reversed(status()["events"])]
            self.assertEqual(conditions[-1], "running")
            self.assertLessEqual({"starting", "held", "unreadable", "unknown"}, set(conditions))
            # Of each minute the worst. A new one may have begun since.
            self.assertIn("unreadable", status()["last_hour"]["conditions"][-2:])


if __name__ == "__main__":
    unittest.main()
