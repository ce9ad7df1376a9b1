/// What is wrong with the value of a flag or variable: what it is not, and what would be accepted.
struct ValueProblem: Error, Hashable {
    let expected: String

    init(_ expected: String) {
        self.expected = expected
    }
}

/// One line for whoever started the program: the flag or variable, its value, and what is accepted.
struct UsageError: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }

    init(_ source: String, _ value: String, _ problem: ValueProblem) {
        description = "\(source)=\(value.quotedForMessage): \(problem.expected)"
    }
}

extension String {
    /// In quotes, without control characters and not too long: it may come from anywhere.
    var quotedForMessage: String {
        let shown = unicodeScalars.prefix(200).map { $0.value < 0x20 || $0.value == 0x7F ? "?" : String($0) }.joined()
        return "\"\(shown)\(unicodeScalars.count > 200 ? "…" : "")\""
    }
}
