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
    /// Of a URL, without what stands before the host: it may be a password, and this is on its way to a log.
    fileprivate var withoutCredentials: String {
        // Looked for by hand: String's own search would bring all of Swift's regular expressions into the executable.
        guard let scheme = indices.first(where: { self[$0...].hasPrefix("://") }) else { return self }
        let start = index(scheme, offsetBy: 3)
        let authority = self[start...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard let end = authority.lastIndex(of: "@") else { return self }
        return self[..<start] + "…" + self[end...]
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
