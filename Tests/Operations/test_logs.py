"""Fluent Bit's configuration and the index, against lines that the binary has written.

Fluent Bit is neither in Debian nor on PyPI: its grammar (tree-sitter) parses the files, and Python stands in for it where
lines are matched and times are read.
"""

import datetime
import fnmatch
import json
import re
import shlex
import time
import unittest

import tree_sitter
import tree_sitter_fluentbit
from log_lines import FOLDER, PROPERTIES, TEMPLATE, some_logfmt_lines, type_of, written_lines
from support import ROOT

# By section and plugin, the keys that its documentation has and that are used here.
KEYS = {
    "SERVICE": {"Flush", "Log_Level", "Parsers_File"},
    "PARSER": {"Name", "Format", "Regex", "Time_Key", "Time_Format", "Time_Keep", "Logfmt_No_Bare_Keys"},
    "INPUT tail": {"Name", "Tag", "Path", "Parser", "DB", "Mem_Buf_Limit", "Refresh_Interval"},
    "INPUT systemd": {"Name", "Tag", "Systemd_Filter", "Strip_Underscores", "Read_From_Tail", "DB"},
    "FILTER kubernetes": {"Name", "Match", "Merge_Log", "Keep_Log", "Labels", "Annotations"},
    "FILTER record_modifier": {"Name", "Match", "Remove_key"},
    "FILTER parser": {"Name", "Match", "Key_Name", "Parser", "Reserve_Data"},
    "OUTPUT es": {
        "Name",
        "Match",
        "Host",
        "Port",
        "HTTP_User",
        "HTTP_Passwd",
        "tls",
        "Logstash_Format",
        "Logstash_Prefix",
        "Suppress_Type_Name",
        "Generate_ID",
        "Trace_Error",
        "Retry_Limit",
    },
}


def sections(name):
    """The sections of a file: (kind, {key: value}). What the grammar cannot parse is the test's failure."""
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_fluentbit.language()))
    root = parser.parse((FOLDER / name).read_bytes()).root_node
    assert not root.has_error, f"{name}: {root}"
    found = []
    for section in root.children:
        if section.type != "section":
            continue
        kind = section.child_by_field_name("header").text.decode().strip("[]\n ")
        entries = {}
        for entry in section.child_by_field_name("body").children:
            if entry.type == "entry":
                # A key that occurs again: its values in their order.
                earlier = entries.get(field(entry, "key"))
                entries[field(entry, "key")] = f"{earlier} {field(entry, 'value')}" if earlier else field(entry, "value")
        found.append((kind, entries))
    return found


def field(entry, name):
    return entry.child_by_field_name(name).text.decode().strip()


def parsers():
    return {entries["Name"]: entries for _, entries in sections("parsers.conf")}


def read_time(text, time_format):
    """As Fluent Bit does: %L is any number of decimals, %z also Z. Python knows six decimals."""
    text = re.sub(r"(\.\d{6})\d+", r"\1", text)
    return datetime.datetime.strptime(text, time_format.replace("%L", "%f"))


class Logs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lines = written_lines()
        cls.records = [json.loads(line) for line in cls.lines]

    # The configuration

    def test_the_grammar_takes_every_file_and_every_key_is_known(self):
        for file in ("kubernetes.conf", "systemd.conf", "parsers.conf", "output.conf"):
            for kind, entries in sections(file):
                name = kind if kind in KEYS else f"{kind} {entries['Name']}"
                with self.subTest(file, section=name):
                    self.assertEqual(set(entries) - KEYS[name], set())

    def test_json_becomes_fields_and_elasticsearch_takes_them(self):
        def entries(file, plugin):
            (found,) = [each for _, each in sections(file) if each.get("Name") == plugin]
            return found

        kubernetes = entries("kubernetes.conf", "kubernetes")
        self.assertEqual([kubernetes[key] for key in ("Merge_Log", "Labels", "Annotations")], ["On", "Off", "Off"])
        self.assertEqual(entries("systemd.conf", "parser")["Reserve_Data"], "On")
        output = entries("output.conf", "es")
        self.assertEqual([output[key] for key in ("tls", "Logstash_Format", "Suppress_Type_Name")], ["On"] * 3)

    def test_what_a_file_names_is_there(self):
        for file in ("kubernetes.conf", "systemd.conf"):
            text = (FOLDER / file).read_text()
            for name in re.findall(r"^@INCLUDE (\S+)$|Parsers_File (\S+)", text, re.M):
                self.assertTrue((FOLDER / "".join(name)).exists(), name)
            used = {name for _, entries in sections(file) for name in entries.get("Parser", "").split()}
            self.assertTrue(used and used <= set(parsers()))

    def test_the_index_has_a_template(self):
        ((_, output),) = sections("output.conf")
        self.assertTrue(
            any(fnmatch.fnmatch(f"{output['Logstash_Prefix']}-2026.01.31", pattern) for pattern in TEMPLATE["index_patterns"])
        )

    def test_only_the_exporters_files_are_read(self):
        (path,) = [entries["Path"] for _, entries in sections("kubernetes.conf") if "Path" in entries]
        name = "/var/log/containers/agent-0_etl_{}-" + "0123456789abcdef" * 4 + ".log"
        self.assertTrue(fnmatch.fnmatch(name.format("metrics-exporter"), path))
        self.assertFalse(fnmatch.fnmatch(name.format("agent"), path))

    # Lines

    def test_a_line_in_a_container_is_parsed(self):
        parser = parsers()["cri_log"]
        expression = re.compile(parser["Regex"].replace("(?<", "(?P<"))
        for line in self.lines:
            for stamp in ("2026-01-31T12:00:00.123456789Z", "2026-01-31T13:00:00.123456789+01:00"):
                match = expression.match(f"{stamp} stderr F {line}")
                self.assertEqual(json.loads(match["log"]), json.loads(line))
                moment = read_time(match[parser["Time_Key"]], parser["Time_Format"])
                self.assertEqual(moment.astimezone(datetime.UTC).isoformat(), "2026-01-31T12:00:00.123456+00:00")
        self.assertIsNone(expression.match("plain text"))

    def test_a_lines_own_time_is_read(self):
        parser = parsers()["agent_exporter"]
        for record in self.records:
            moment = read_time(record[parser["Time_Key"]], parser["Time_Format"])
            self.assertLess(abs(moment.timestamp() - time.time()), 60)

    def test_a_line_of_the_other_format_has_the_same_fields(self):
        """Fluent Bit's logfmt: pairs, whose values may be quoted, and no key without one."""
        parser = parsers()["agent_exporter_logfmt"]
        self.assertEqual((parser["Format"], parser["Logfmt_No_Bare_Keys"]), ("logfmt", "true"))
        for file in ("kubernetes.conf", "systemd.conf"):
            (used,) = [entries["Parser"] for _, entries in sections(file) if entries.get("Name") == "parser"]
            self.assertEqual(used.split()[-1], "agent_exporter_logfmt", "JSON is tried first")
        found = set()
        for line in some_logfmt_lines():
            record = dict(word.split("=", 1) for word in shlex.split(line))
            read_time(record[parser["Time_Key"]], parser["Time_Format"])
            self.assertEqual(set(record) - set(PROPERTIES), set())
            found.add(record["msg"])
            for name, value in record.items():
                if type_of(name) in ("long", "float"):
                    float(value)
        self.assertLessEqual({"starting", "poll failed", "agent state"}, found)

    def test_no_line_is_so_long_that_a_runtime_splits_it(self):
        self.assertLess(max(len(line) for line in self.lines), 4096)

    def test_every_field_is_in_the_index_and_of_its_type(self):
        kinds = {str: {"keyword", "text", "date"}, int: {"long", "float"}, float: {"float"}}
        for record in self.records:
            for name, value in record.items():
                with self.subTest(record["msg"], field=name):
                    self.assertIn(type_of(name), kinds[type(value)])

    def test_every_field_that_the_source_can_write_is_in_the_index(self):
        folders = ("Exporter", "Hosting", "Hub", "Service")
        source = "\n".join(file.read_text() for each in folders for file in (ROOT / "Sources" / each).rglob("*.swift"))
        names = set(re.findall(r'\("(\w+)", (?:LogValue\(|\.text\()', source))
        self.assertLessEqual({"time", "level", "msg", "lines_dropped", "repeated"}, names)
        self.assertEqual(names - set(PROPERTIES), set())


if __name__ == "__main__":
    unittest.main()
