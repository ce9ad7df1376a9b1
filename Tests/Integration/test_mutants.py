"""What `make mutants` changes, and what it leaves alone."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Mutants"))

from dependents import Targets
from known import Known
from mutation import mutations
from swift_code import blanked


def mutated(text):
    return [mutation.applied(text) for mutation in mutations("Sources/A/B.swift", text)]


class Mutants(unittest.TestCase):
    def test_each_slip_is_one(self):
        for text, expected in [
            ("if a < b {", ["if a <= b {"]),
            ("if a >= b {", ["if a > b {"]),
            ("if a == b {", ["if a != b {"]),
            ("a && b", ["a || b"]),
            ("a &+ b", ["a &- b"]),
            ("a += b", ["a -= b"]),
            ("let a = true", ["let a = false"]),
            ("guard !a.isEmpty else {", ["guard a.isEmpty else {"]),
            ("max(a, .min)", ["max(a, .max)", "min(a, .min)"]),
            ("if a { return }", ["if a {  }"]),
            ("    continue", ["    break"]),
            ("a = 0", ["a = 1"]),
        ]:
            self.assertEqual(sorted(mutated(text)), sorted(expected), text)

    def test_what_is_no_code_stays_as_it_is(self):
        for text in [
            "// a < b",
            "/// true",
            "/* a /* && */ true */",
            '"a < b"',
            '"a \\(b("true", a < b)) true"',
            '#"a " < b "#',
            '"""\n a < "b" \n"""',
            "func a() -> Set<Int>",
            "import true",
            "@available(Linux 5, *)",
            "a.0",
            "0x1F",
            "1.5",
            "a!.b",
            "return a",
            "guard a else { return }",
        ]:
            self.assertEqual(mutated(text), [], text)

    def test_code_after_a_string_is_code(self):
        text = 'f("a", #"\\"#, "\\\\", a) // b'
        self.assertEqual(blanked(text), "f(" + " " * 3 + ", " + " " * 5 + ", " + " " * 4 + ", a) " + " " * 4)

    def test_a_sample_does_not_move_when_other_lines_do(self):
        before = mutations("Sources/A/B.swift", "a < b")[0]
        after = mutations("Sources/A/B.swift", "c == d\na < b")[-1]
        self.assertEqual(before.rank(1), after.rank(1))
        self.assertNotEqual(before.rank(1), before.rank(2))
        twice = mutations("Sources/A/B.swift", "a < b\na < b")
        self.assertNotEqual(twice[0].rank(1), twice[1].rank(1))

    def test_the_tests_of_a_module_are_its_own_and_those_of_what_is_built_from_it(self):
        def target(name, kind, *dependencies):
            return {"name": name, "type": kind, "dependencies": [{"byName": [name, None]} for name in dependencies]}

        targets = Targets(
            {
                "targets": [
                    target("A", "regular"),
                    target("B", "regular", "A"),
                    target("C", "regular"),
                    target("ATests", "test", "A"),
                    target("BTests", "test", "B"),
                    target("CTests", "test", "C"),
                ]
            }
        )
        self.assertEqual((targets.own_tests("A"), targets.other_tests("A")), (["ATests"], ["BTests"]))
        self.assertEqual(targets.other_tests("B"), [])
        self.assertEqual(targets.needed_by("BTests"), {"BTests", "B", "A"})

    def test_what_nobody_could_notice_is_named_with_its_reason(self):
        found = mutations("Sources/A/B.swift", "  a < b")
        known = Known("# A comment.\n\nSources/A/B.swift\n- a < b\n+ a <= b\nThey are\nnever equal.\n")
        self.assertEqual(known.reason(found[0]), "They are never equal.")
        self.assertEqual(known.stale(found), [])
        self.assertEqual(len(known.stale([])), 1)
        self.assertRaises(ValueError, Known, "Sources/A/B.swift\n- a < b\n+ a <= b\n")


if __name__ == "__main__":
    unittest.main()
