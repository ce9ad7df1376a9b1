/// What one of the checks has found.
struct CheckFinding: Sendable, Hashable {
    /// The checks, in the order in which they are printed.
    enum Check: String, Sendable, Hashable, CaseIterable {
        /// What is stored has the columns that it should have.
        case schema
        /// Every endpoint is there.
        case endpoints
        /// What a worker reports is found again.
        case collection
        /// It is exported, in a text that Prometheus reads.
        case export
    }

    let check: Check
    /// What is wrong; nothing if it is as it should be.
    let problems: [String]
    /// What was looked at, for whoever reads that it is well.
    let remark: String

    var isGood: Bool { problems.isEmpty }

    /// `ok   schema: 10 columns`, or `FAIL schema: ` and what is wrong.
    var line: String {
        isGood ? "ok   \(check.rawValue): \(remark)" : "FAIL \(check.rawValue): \(problems.joined(separator: "; "))"
    }
}
