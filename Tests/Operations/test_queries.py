"""The saved queries, against the index and lines that the binary has written. Elasticsearch's own client reads them."""

import json
import unittest

from elasticsearch.dsl import Search
from elasticsearch.dsl.field import construct_field
from log_lines import FOLDER, PROPERTIES, type_of, written_lines

QUERIES = sorted((FOLDER / "elasticsearch/queries").glob("*.json"))


class Queries(unittest.TestCase):
    def test_elasticsearchs_client_knows_every_query_aggregation_and_type(self):
        for file in QUERIES:
            query = json.loads(file.read_text())
            self.assertEqual(Search.from_dict(query).to_dict(), query)
        for field in (*PROPERTIES.values(), *PROPERTIES["kubernetes"]["properties"].values()):
            construct_field({"type": "object", **field})

    def test_queries_ask_for_fields_of_the_right_type(self):
        for file in QUERIES:
            query = json.loads(file.read_text())
            for operation, name in asked_fields(query):
                with self.subTest(file.name, operation=operation, field=name):
                    wanted = {"date_histogram": {"date"}, "range": {"date"}, "max": {"long"}}
                    self.assertIn(type_of(name), wanted.get(operation, {"keyword", "long", "date"}))

    def test_queries_select_the_lines_that_they_are_named_for(self):
        expected = {
            "error-types": lambda record: record["level"] in ("warn", "error"),
            "poll-failures": lambda record: "reason" in record,
            "outages": lambda record: record["msg"] == "agent state" and record["state"] in ("unreachable", "unknown"),
        }
        self.assertEqual({file.stem for file in QUERIES}, set(expected))
        records = [json.loads(line) for line in written_lines()]
        for file in QUERIES:
            filters = json.loads(file.read_text())["query"]["bool"]["filter"]
            selected = [record for record in records if all(matches(record, condition) for condition in filters)]
            with self.subTest(file.name):
                self.assertTrue(selected)
                self.assertEqual(selected, [record for record in records if expected[file.stem](record)])


def matches(record, condition):
    """Whether a line meets one condition of a query. Every line is younger than any range that is asked for."""
    ((operation, argument),) = condition.items()
    ((name, value),) = argument.items()
    return operation == "range" or record.get(name) in (value if operation == "terms" else [value])


def asked_fields(query):
    """(operation, field) for all that a query filters, sorts or counts by."""
    for condition in query["query"]["bool"]["filter"]:
        ((operation, argument),) = condition.items()
        yield operation, next(iter(argument))
    for order in query.get("sort", []):
        yield "sort", next(iter(order))
    for name in query.get("_source", []):
        yield "source", name
    groups = list(query.get("aggs", {}).values())
    for group in groups:
        groups += group.get("aggs", {}).values()
        for operation, argument in group.items():
            if operation != "aggs" and "field" in argument:
                yield operation, argument["field"]


if __name__ == "__main__":
    unittest.main()
