"""Parses expositions with prometheus_client's parsers and prints every sample in a form that is easy to compare.

usage: parse-back.py (text|openmetrics) file…

For each file a line `= <path>`, then a line per sample: its name, its labels as name=hex, the bits of its value, and its time in
milliseconds if it has one. A bound (`le`) and a `quantile` are printed as the bits of their numbers. An exposition that is
refused stops everything with its error.
"""

import struct
import sys

from prometheus_client.openmetrics import parser as openmetrics
from prometheus_client import parser as text

parse = {"text": text, "openmetrics": openmetrics}[sys.argv[1]].text_string_to_metric_families


def bits(number):
    return "nan" if number != number else struct.pack(">d", float(number)).hex()


for path in sys.argv[2:]:
    print("=", path)
    with open(path, newline="", encoding="utf-8") as file:
        exposition = file.read()
    try:
        for family in parse(exposition):
            for sample in family.samples:
                labels = {name: value.encode().hex() for name, value in sample.labels.items()}
                for name in ("le", "quantile"):
                    if name in labels:
                        labels[name] = bits(sample.labels[name])
                described = ",".join(f"{name}={labels[name]}" for name in sorted(labels))
                time = "" if sample.timestamp is None else f" @{round(float(sample.timestamp) * 1000)}"
                print(f"{sample.name} {{{described}}} {bits(sample.value)}{time}")
    except Exception as error:
        sys.exit(f"{path}: {type(error).__name__}: {error}")
