"""Prints where the user instructions of a request go, by function, without what those call.

  hotspots.py WAY EXPORTER ECHO-SERVER

WAY is a number: 0 a known head, 1 a head never seen before, 2 a known head over TLS (all of the exporter), 3 a known head and 4 a
handler's task (both of echo-server). The executables need their symbols: docs/performance.md says how to build them.
"""

import collections
import pathlib
import re
import subprocess
import sys
import tempfile

import encryption
import instructions
import servers
from processes import prepare


def functions(way, requests):
    """The instructions of each function, in the thread that serves."""
    with tempfile.TemporaryDirectory() as directory:
        # It is the second, where there is more than one; a third looks at the files of certificates.
        profile = instructions.run(way, requests, pathlib.Path(directory))[:2][-1]
        command = ["callgrind_annotate", "--threshold=100", "--show-percs=no", "--auto=no", profile]
        text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = collections.Counter()
    # As in `1,234  FILE:FUNCTION [OBJECT]`.
    for count, name in re.findall(r"^ *([\d,]+) +\S*?:(.*?)(?: \[.*\])?$", text, re.MULTILINE):
        found[name] += int(count.replace(",", ""))
    return found


def main(number, exporter, echo):
    with tempfile.TemporaryDirectory() as directory:
        place = servers.Workplace(directory, exporter)
        web_configuration = encryption.make_pair(place).web_configuration(place)
        show(instructions.ways(exporter, echo, web_configuration)[int(number)])


def show(way):
    few, many = (functions(way, requests) for requests in (instructions.FEW, instructions.MANY))
    each = {name: (many[name] - few[name]) / (instructions.MANY - instructions.FEW) for name in many}
    rows = sorted(((count, name) for name, count in each.items() if count >= 1), reverse=True)
    command = ["swift", "demangle", "--simplified"]
    names = subprocess.run(command, check=True, input="\n".join(name for _, name in rows), capture_output=True, text=True).stdout
    for (count, _), name in zip(rows, names.splitlines(), strict=True):
        print(f"{count:8,.0f}  {name}")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    prepare()
    main(*sys.argv[1:])
