/// What is wrong with the value of a flag or variable: what it is not, and what would be accepted.
package struct ValueProblem: Error, Hashable {
    package let expected: String

    package init(_ expected: String) {
        self.expected = expected
    }
}

/// One line for whoever started the program: the flag or variable, its value, and what is accepted.
package struct UsageError: Error, Hashable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }

    package init(_ source: String, _ value: String, _ problem: ValueProblem) {
        description = "\(source)=\(value.quotedForMessage): \(problem.expected)"
    }
}

extension String {
    /// In quotes, without control characters and not too long: it may come from anywhere.
    package var quotedForMessage: String {
        let shown = unicodeScalars.prefix(200).map { $0.value < 0x20 || $0.value == 0x7F ? "?" : String($0) }.joined()
        return "\"\(shown)\(unicodeScalars.count > 200 ? "…" : "")\""
    }
}

/// Everything that is wrong with how the program was started.
package struct UsageErrors: Error {
    package let errors: [UsageError]

    package init(errors: [UsageError]) {
        self.errors = errors
    }
}
