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
    /// Of what is, or was meant to be, a URL, without what stands before the last @ and what it asks for: there may be a password, with
    /// a slash in it or behind a scheme that is misspelt, or a token, and this is on its way to a log.
    fileprivate var withoutCredentials: String {
        let scheme = endOfScheme
        var text = self
        if let end = lastIndex(of: "@") {
            if let scheme, scheme <= end {
                text = self[..<scheme] + "…" + self[end...]
            } else if self[..<end].contains(":") {
                text = "…" + self[end...]
            }
        }
        guard scheme != nil, let query = text.firstIndex(of: "?") else { return text }
        return text[...query] + "…"
    }

    /// Looked for by hand: String's own search would bring all of Swift's regular expressions into the executable.
    private var endOfScheme: Index? {
        indices.first { self[$0...].hasPrefix("://") }.map { index($0, offsetBy: 3) }
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
