"""What the tests of deploy and docs share."""

import os
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
DOCS = ROOT / "docs"
BINARY = os.environ["AGENT_EXPORTER"]


def run(*command, **options):
    """The output of a command, whose failure is the test's."""
    finished = subprocess.run(command, capture_output=True, text=True, **options)
    assert finished.returncode == 0, f"{' '.join(map(str, command))}\n{finished.stdout}{finished.stderr}"
    return finished.stdout


def exported_metrics():
    """The names in the reference that the binary prints: what rules, dashboards and manifests may name."""
    reference = run(BINARY, "--help-markdown")
    section = reference.split("## Metrics", 1)[1]
    return {match[1]: match[2] for match in re.finditer(r"^\| `(\w+)[^|]*\| (\w+) \|", section, re.M)}
