"""What the exporter says of an agent that is not understood, or not whole: docs/agent.md has each of these rows."""

import json
import unittest

from support import Exporter, FakeAgent, wait_until

FULL = {"agentStatus": "RUNNING", "activeTaskCount": 3, "activeRequestCount": 4, "openSessionsCount": 5}


def missing(samples):
    prefix = "agent_exporter_fields_missing"
    return {name.split('"')[1]: float(value) for name, value in samples.items() if name.startswith(prefix)}


class Remarks(unittest.TestCase):
    def playing(self, answer, *flags):
        agent = FakeAgent(answer if isinstance(answer, bytes) else json.dumps(answer).encode())
        self.addCleanup(agent.close)
        exporter = Exporter(agent.url, *flags)
        self.addCleanup(exporter.__exit__)
        wait_until(lambda: exporter.samples["agent_exporter_polls_total"] != "0", what="a poll")
        return agent, exporter

    def test_a_word_is_read_whatever_its_case(self):
        _, exporter = self.playing(FULL | {"agentStatus": "Shutting_Down"})
        self.assertEqual(exporter.health["agent"]["state"], "SHUTTING_DOWN")
        self.assertNotIn("reported", exporter.health["agent"])

    def test_a_word_that_is_not_known_is_told_as_it_came_and_forges_nothing(self):
        word = 'PAUSED" level=error\n\x1b[31m<b>'
        agent, exporter = self.playing(FULL | {"agentStatus": word})
        health = exporter.health["agent"]
        self.assertEqual((health["state"], health["reported"], health["up"]), ("UNKNOWN", word, True))
        self.assertEqual(exporter.samples["app_agent_status"], "0")
        self.assertIn('app_agent_reported_status{status="PAUSED\\" level=error\\n\x1b[31m<b>"} 1', exporter.get().text)
        self.assertNotIn("<b>", exporter.get("/").text)
        agent.say(FULL)
        wait_until(lambda: exporter.health["agent"]["state"] == "RUNNING", what="it is understood again")
        self.assertNotIn("app_agent_reported_status{", exporter.get().text)
        warnings = [line for line in exporter.log.splitlines() if "a status that is not known" in line]
        self.assertEqual(len(warnings), 1, "many polls, one line")
        self.assertNotIn("\x1b", exporter.log)

    def test_what_is_missing_is_0_and_said_to_be_missing(self):
        agent, exporter = self.playing({"agentStatus": "RUNNING", "activeTaskCount": 3, "openSessionsCount": {"a": 1}})
        expected = {"activeTaskCount": 0, "activeRequestCount": 1, "openSessionsCount": 1}
        wait_until(lambda: missing(exporter.samples) == expected, what="two are missing")
        self.assertEqual(exporter.samples["app_open_sessions_count"], "0")
        lines = [line for line in exporter.log.splitlines() if "does not say everything" in line]
        self.assertEqual(len(lines), 1)
        self.assertIn('missing="activeRequestCount openSessionsCount" shown=0', lines[0])
        agent.say(FULL)
        wait_until(lambda: not any(missing(exporter.samples).values()), what="nothing is missing")

    def test_with_omit_what_is_missing_is_left_out_alone(self):
        _, exporter = self.playing({"agentStatus": "RUNNING", "activeTaskCount": 3}, "--agent.fallback=omit")
        wait_until(lambda: exporter.samples.get("app_active_task_count") == "3", what="what is said")
        self.assertNotIn("app_open_sessions_count", exporter.samples)
        self.assertFalse([name for name in exporter.samples if name.startswith("app_version_info")])

    def test_what_is_no_json_is_shown_where_it_begins(self):
        page = b"<html>\x00Sign in" + b"x" * 500
        _, exporter = self.playing(page)
        wait_until(lambda: exporter.health["agent"]["last_error"], what="an error")
        error = exporter.health["agent"]["last_error"]
        self.assertIn('begins with "<html>', error)
        self.assertIn("Sign in", error)
        self.assertLess(len(error), 250)
        self.assertNotIn("\x00", error)

    def test_second_names_where_they_are_wanted(self):
        _, exporter = self.playing(FULL, "--agent.aliases")
        wait_until(lambda: exporter.samples.get("app_open_sessions") == "5", what="the second name")
        self.assertEqual(exporter.samples["app_open_sessions_count"], "5")

    def test_load_is_counted_over_time_and_stays_through_an_outage(self):
        agent, exporter = self.playing(FULL)

        def load():
            samples = exporter.samples
            name = 'app_count_observed_seconds_total{count="tasks"}'
            return float(samples["app_active_task_seconds_total"]), float(samples[name])

        wait_until(lambda: load()[1] > 0.3, what="a third of a second")
        integral, observed = load()
        self.assertAlmostEqual(integral / observed, 3, places=6)
        self.assertEqual(exporter.samples["app_active_task_peak"], "3")
        agent.answer = b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"
        wait_until(lambda: exporter.samples["app_agent_up"] == "0", what="the agent fails")
        held = load()
        wait_until(lambda: int(exporter.samples["agent_exporter_consecutive_failures"]) > 3, what="more failures")
        self.assertEqual(load(), held, "nothing is observed over failed polls")
        agent.say(FULL | {"activeTaskCount": 1})
        wait_until(lambda: load()[1] > held[1], what="it is observed again")
        self.assertEqual(exporter.samples["app_tasks_finished_observed_total"], "0", "nor is a fall over them")


if __name__ == "__main__":
    unittest.main()
