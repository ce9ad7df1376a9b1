/// How closely bodies are looked at.
enum Validation: String, Sendable, Hashable, CaseIterable {
    /// Not at all: the status decides, once as many bytes have come as were announced.
    case status
    /// As many bytes as were announced, and not none.
    case length
    /// Besides, the last byte is a newline; in a gzip body, that of what it holds.
    case newline
    /// Besides, the whole is an exposition.
    case parse
}

/// What a head says about the body that follows.
struct BodyFacts: Hashable {
    var isGzip = false
    var isOpenMetrics = false
}
