import Flags

/// Where metrics can be.
enum TelemetryPath {
    private static let longest = 1024

    /// A path that a request can ask for without a query, and where nothing else is.
    static func checked(_ text: String, besides paths: [String]) throws(ValueProblem) -> String {
        let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"?#%\"<>\\{}".utf8.contains($0) }
        // Browsers take // for the beginning of a host's name, and resolve dots.
        let isResolved = !text.hasPrefix("//") && !text.split(separator: "/").contains { $0 == "." || $0 == ".." }
        guard text.hasPrefix("/"), isPlain, isResolved, text.utf8.count <= longest else {
            throw ValueProblem(
                "not an absolute path such as /metrics, without ?, #, %, braces, spaces and dots between slashes"
            )
        }
        guard !paths.contains(text) else { throw ValueProblem("something else is there already") }
        return text
    }
}
