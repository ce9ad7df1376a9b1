import TestExposition
import Testing

@testable import Hub

@Suite("Whether a held line is that of a sample")
struct LineCheckTests {
    @Test("it says yes to no line but the one that would be put together, and misses only clashes and escapes")
    func random() {
        var generator = SeededGenerator(seed: 1)
        var found = 0
        for _ in 0..<2000 {
            let own = Component(type: "t", name: "w", instance: [nil, "", "i"].randomElement(using: &generator) ?? nil)
                .exportedLabels
            let (held, heldLabels) = sample(&generator)
            let (name, labels) = sample(&generator)
            let line = SeriesKey(held, heldLabels, beside: own).line
            let other = SeriesKey(name, labels, beside: own).line
            if LineCheck.holds(line, name, labels, beside: own) {
                found += 1
                #expect(line == other)
            }
            let isOdd = heldLabels.contains { label in
                label.value.contains("\"") || own.contains { $0.name == label.name && $0.value != label.value }
            }
            #expect(LineCheck.holds(line, held, heldLabels, beside: own) || isOdd)
            #expect(!LineCheck.holds(Array(line.dropLast()), held, heldLabels, beside: own))
            // What follows the names is the same.
            #expect(LineCheck.holds(SeriesKey(name, heldLabels, beside: own).line, name, asIn: line, after: held))
            #expect(LineCheck.holds(line, name, asIn: other, after: name) == (line == other))
        }
        #expect(found > 50)
    }

    @Test("a value that looks like more labels is not taken for them")
    func quotes() {
        let labels = ["a", "c"].map { ReportedLabel(name: $0, value: "1") }
        let line = SeriesKey("m", labels, beside: []).line
        #expect(line == Array(#"m{a="1",c="1"} "#.utf8))
        #expect(!LineCheck.holds(line, "m", [ReportedLabel(name: "a", value: #"1",c="1"#)], beside: []))
        let escaped = SeriesKey("m", [ReportedLabel(name: "a", value: #"\"#)], beside: []).line
        #expect(!LineCheck.holds(escaped, "m", [ReportedLabel(name: "a", value: #"\\"#)], beside: []))
    }

    /// Few names and values, so that they meet, in the order of their names.
    private func sample(_ generator: inout SeededGenerator) -> (String, [ReportedLabel]) {
        let names = ["a", "component", "component_id", "component_type", "instance", "z"]
        let labels = names.filter { _ in Int.random(in: 0..<4, using: &generator) == 0 }.map { name in
            let values = ["w", "t", "i", "", "\"", "é"]
            return ReportedLabel(name: name, value: values.randomElement(using: &generator) ?? "")
        }
        return (["m", "mm"].randomElement(using: &generator) ?? "", labels)
    }
}
