"""What the tests of deploy and docs share."""

import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import time

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
DOCS = ROOT / "docs"
BINARY = os.environ["AGENT_EXPORTER"]


def run(*command, **options):
    """The output of a command, whose failure is the test's."""
    finished = subprocess.run(command, capture_output=True, text=True, **options)
    assert finished.returncode == 0, f"{' '.join(map(str, command))}\n{finished.stdout}{finished.stderr}"
    return finished.stdout


def tool(name):
    """kubectl or helm: as Tests/setup has unpacked it, or from the PATH."""
    unpacked = ROOT / ".build" / "tools" / name
    found = unpacked if unpacked.exists() else shutil.which(name)
    assert found, f"{name} is neither in .build/tools nor on the PATH"
    return found


def check_scrapes(text):
    """promtool on a scrape configuration. Debian builds it without Kubernetes discovery, so that is looked at here."""
    configuration = yaml.safe_load(text)
    for job in configuration["scrape_configs"]:
        assert job.pop("kubernetes_sd_configs", [{"role": "pod"}]) == [{"role": "pod"}]
    promtool("check", "config", "prometheus.yml", prometheus_yml=yaml.safe_dump(configuration))


def promtool(*arguments, **files):
    """promtool on files with these contents, in a directory of their own: a_yml="…" is a.yml."""
    with tempfile.TemporaryDirectory() as directory:
        for name, content in files.items():
            pathlib.Path(directory, name.replace("_yml", ".yml")).write_text(content)
        return run("promtool", *arguments, cwd=directory)


def exported_metrics():
    """The names in the reference that the binary prints: what rules, dashboards and manifests may name."""
    reference = run(BINARY, "--help-markdown")
    section = reference.split("## Metrics", 1)[1]
    return {match[1]: match[2] for match in re.finditer(r"^\| `(\w+)[^|]*\| (\w+) \|", section, re.M)}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, seconds=15, what="the condition"):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        result = condition()
        if result:
            return result
        time.sleep(0.05)
    raise AssertionError(f"{what} did not come true in {seconds} s")
