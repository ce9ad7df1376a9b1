import AsyncHTTP
import YAML

/// `http_server_config`: what is added to each answer.
struct HTTPSection {
    /// Those that Prometheus' programs let their owners set, and the values of those that have only few.
    private static let known: [String: [String]] = [
        "Strict-Transport-Security": [],
        "X-Content-Type-Options": ["nosniff"],
        "X-Frame-Options": ["deny", "sameorigin"],
        "X-XSS-Protection": [],
        "Content-Security-Policy": [],
    ]

    var headers = HeaderFields()
    /// Somebody has written that he wants it.
    var wantsHTTP2 = false
    /// Where nothing is said it is served by those whose file this is.
    var mayServeHTTP2 = true
    var line = 1

    init(_ node: YAMLNode?) throws(WebFileProblem) {
        guard let node else { return }
        guard let section = try WebSection(node, "http_server_config", knowing: ["http2", "headers"]) else {
            mayServeHTTP2 = false
            return
        }
        let http2 = try section.boolean("http2")
        (wantsHTTP2, mayServeHTTP2, line) = (http2 ?? false, http2 ?? true, section.line(of: "http2"))
        for entry in try WebSection.entries(of: section["headers"], "headers") {
            let value = try WebSection.text(entry.value, entry.name)
            guard let values = Self.known[entry.name] else {
                let names = Self.known.keys.sorted().joined(separator: ", ")
                throw WebFileProblem(
                    "the header \"\(entry.name)\" cannot be configured, only \(names)",
                    line: entry.place.line
                )
            }
            guard values.isEmpty || values.contains(value) else {
                throw WebFileProblem(
                    "\(entry.name) cannot be \"\(value)\", only \(values.joined(separator: " or "))",
                    line: entry.place.line
                )
            }
            try add(entry.name, value, line: entry.place.line)
        }
    }

    /// An empty one is not sent. Ends of lines, which a folded text has, become spaces.
    private mutating func add(_ name: String, _ value: String, line: Int) throws(WebFileProblem) {
        let line = line
        let text = String(decoding: value.utf8.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 }, as: UTF8.self)
        guard text.utf8.contains(where: { $0 != 0x20 && $0 != 0x09 }) else { return }
        do throws(HeadWriteError) {
            try headers.append(name, text)
        } catch {
            throw WebFileProblem("\(name) has a character that no header may have, or is too long", line: line)
        }
    }
}
