import YAML

/// `rate_limit`: how many requests are answered in a while.
enum RateSection {
    /// Nil where there is no limit.
    static func read(_ node: YAMLNode?) throws(WebFileProblem) -> RequestRate? {
        guard let section = try WebSection(node, "rate_limit", knowing: ["interval", "burst"]) else { return nil }
        let burst = try burst(section["burst"])
        let interval = try interval(section["interval"])
        return interval == 0 ? nil : RequestRate(interval: interval, burst: burst)
    }

    private static func burst(_ node: YAMLNode?) throws(WebFileProblem) -> Int {
        guard let node, !node.isNull else { return 0 }
        guard case .scalar(let scalar) = node.content, let value = scalar.integer else {
            throw WebFileProblem("burst has to be a whole number", line: node.place.line)
        }
        return Int(clamping: value)
    }

    /// A number without a unit is nanoseconds, as in the files that others read.
    private static func interval(_ node: YAMLNode?) throws(WebFileProblem) -> Int64 {
        guard let node, !node.isNull else { return 0 }
        guard case .scalar(let scalar) = node.content,
            let value = scalar.integer ?? GoDuration.nanoseconds(scalar.text)
        else { throw WebFileProblem("interval has to be a duration such as 1s or 250ms", line: node.place.line) }
        return value
    }
}
