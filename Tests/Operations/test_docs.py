"""What the documentation names exists: flags, variables, metrics, modules, and the options of kubectl."""

import concurrent.futures
import os
import re
import shlex
import subprocess
import unittest

from support import (
    BINARY,
    DOCS,
    HUB,
    ROOT,
    WORKER,
    Process,
    documented_queries,
    exported_metrics,
    free_port,
    get,
    mentions,
    metric_names,
    queryable_metrics,
    run,
    tool,
    wait_until,
)

# What the agent's own endpoint calls its metrics, an example of --agent.gauge, and a counter that others declare without _total.
OTHERS = {"app_version", "app_agent_connected", "app_queue_size", "webhook_payload_size_bytes"}


class Names(unittest.TestCase):
    def assertAllKnown(self, names, known):
        self.assertTrue(names)
        self.assertEqual([(page, name) for page, name in names if name not in known], [])

    def test_flags_and_variables_exist(self):
        workers = run(HUB, "simulate-workers", "--help")
        reference = "".join(run(program, "--help-markdown") for program in (BINARY, HUB, WORKER)) + workers
        flags = set(re.findall(r"--(?:\[no-\])?([a-z-]+\.[a-z-]+)", reference))
        variables = set(re.findall(r"[A-Z]+_[A-Z_]+", reference))
        groups = "agent|web|log|simulate|report|store|limit|self-report|hub|webhook|work|play|metrics|status|actuator"
        self.assertAllKnown(mentions(rf"--(?:no-)?((?:{groups})\.[a-z-]+)"), flags)
        prefixes = "AGENT|WEB|LOG|NOETL|STORE|REPORT|KAMON|WEBHOOK|WORK|PLAY|METRICS|STATUS|ACTUATOR"
        self.assertAllKnown(mentions(rf"\b((?:{prefixes})_[A-Z_]+[A-Z])\b"), variables)

    def test_metrics_exist(self):
        exported = {name for program in (BINARY, HUB, WORKER) for name in exported_metrics(program)}
        known = queryable_metrics() | exported | OTHERS
        names = mentions(r"`((?:app|agent_exporter|agent_hub|process|dataflow|webhook|pipeline_worker)_\w+)[`{]")
        # The page on migration also says what nobody exports.
        self.assertAllKnown([(page, name) for page, name in names if page != "docs/migration.md"], known)

    def test_queries_name_metrics_that_exist(self):
        known = queryable_metrics()
        for page, query in documented_queries():
            with self.subTest(page, query=query):
                self.assertEqual(metric_names(query) - known, set())


class Sizes(unittest.TestCase):
    def test_an_exporter_has_as_many_series_as_the_page_says(self):
        page = (DOCS / "operations.md").read_text()
        written = re.search(r"about (\d+) series, of which (\d+) are histogram buckets; (\d+) with", page)
        series, least = series_of(), series_of("--web.disable-exporter-metrics")
        buckets = [each for each in series if "_bucket{" in each]
        found = [len(series), len(buckets), len(least)]
        for one, other in zip(map(int, written.groups()), found, strict=True):
            self.assertAlmostEqual(one, other, delta=2, msg=found)


def series_of(*flags):
    """What a demo exports."""
    port = free_port()
    with Process(BINARY, "demo", f"--web.listen-address=127.0.0.1:{port}", *flags):

        def look():
            try:
                text = get(f"http://127.0.0.1:{port}/metrics").decode()
            except OSError:
                return None
            # Its agent has answered.
            return text if "\napp_last_heartbeat_timestamp " in text else None

        return [line for line in wait_until(look, what="a heartbeat").splitlines() if not line.startswith("#")]


class Design(unittest.TestCase):
    def test_it_has_every_module(self):
        written = set(re.findall(r"^\| `(\w+)` \|", (DOCS / "design.md").read_text(), re.M))
        modules = {file.relative_to(ROOT / "Sources").parts[0] for file in (ROOT / "Sources").rglob("*.swift")}
        # Programs are files of a few lines, which start the products.
        self.assertEqual(written, modules - {"Programs"})


class Commands(unittest.TestCase):
    def test_kubectl_takes_them(self):
        """Without a cluster it gets as far as asking for one, if it knows the command and each of its options."""
        commands = sorted({command for _, command in kubectl_commands() if "--from-env-file" not in command})
        self.assertGreater(len(commands), 10)
        with concurrent.futures.ThreadPoolExecutor() as pool:
            for command, said in zip(commands, pool.map(tried, commands), strict=True):
                with self.subTest(command):
                    self.assertRegex(said, "refused")

    def test_none_waits_for_an_agent_to_drain(self):
        for page, command in kubectl_commands():
            if " delete pod " in command:
                self.assertRegex(command, r"--wait=false|--grace-period=", f"{page}: this takes up to 12 hours")


def kubectl_commands():
    """Those that ask a cluster, without what follows a pipe or a comment: (page, command)."""
    found = mentions(r"(kubectl (?:-n|get) [^`\n|]+)")
    return [(page, re.sub(r"\s+(#.*|&)$", "", command.strip())) for page, command in found]


def tried(command):
    """What kubectl says to it, when nothing answers."""
    filled = re.sub(r"(?<=[:=])N\b", "3", re.sub(r"\$(NS|POD)\b", "name", command)).replace("NAME", "name")
    arguments = ["--server=http://127.0.0.1:1", *shlex.split(filled)[1:]]
    surroundings = os.environ | {"KUBECONFIG": os.devnull}
    return subprocess.run([tool("kubectl"), *arguments], env=surroundings, capture_output=True, text=True).stderr


if __name__ == "__main__":
    unittest.main()
