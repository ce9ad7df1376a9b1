extension String {
    /// On one line: libpq ends its messages with one, and writes one for each host.
    var trimmed: String {
        split { $0.isNewline || $0 == "\t" }.joined(separator: "; ")
    }
}
