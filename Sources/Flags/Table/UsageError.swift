/// One line for whoever started the program: the flag or variable, its value, and what is accepted.
package struct UsageError: Error, Hashable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }

    package init(_ source: String, _ value: String, _ problem: ValueProblem) {
        description = "\(source)=\(value.withoutCredentials.quotedForMessage): \(problem.expected)"
    }
}

extension String {
    /// Of what is, or was meant to be, a URL, without what stands before the last @: it may be a password, with a slash in it or
    /// behind a scheme that is misspelt, and this is on its way to a log.
    fileprivate var withoutCredentials: String {
        guard let end = lastIndex(of: "@") else { return self }
        // Looked for by hand: String's own search would bring all of Swift's regular expressions into the executable.
        if let scheme = self[..<end].indices.first(where: { self[$0..<end].hasPrefix("://") }) {
            return self[..<index(scheme, offsetBy: 3)] + "…" + self[end...]
        }
        return self[..<end].contains(":") ? "…" + self[end...] : self
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
