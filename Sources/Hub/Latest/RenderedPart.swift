import Synchronization
import Telemetry

/// A few lines in a row, as bytes in each format that somebody has asked for. It never changes: what is the same in two renders
/// is the same object.
final class RenderedPart: Sendable {
    /// What OpenMetrics may say of the numbers.
    enum Rule: Sendable {
        case any
        /// No counter is negative or NaN.
        case counters
    }

    private let lines: [SeriesLine]
    private let rule: Rule
    private let bytes: Mutex<[Dialect: [UInt8]]>

    /// What there is of it to compress, about.
    var lineCount: Int { max(1, lines.count) }

    init(_ lines: [SeriesLine], _ rule: Rule) {
        self.lines = lines
        self.rule = rule
        bytes = Mutex([:])
    }

    /// What a family says of itself.
    init(text: [UInt8], openMetrics: [UInt8]) {
        lines = []
        rule = .any
        bytes = Mutex([.text: text, .openMetrics: openMetrics])
    }

    func bytes(in dialect: Dialect) -> [UInt8] {
        if let known = bytes.withLock({ $0[dialect] }) { return known }
        let made = render(in: dialect)
        bytes.withLock { $0[dialect] = made }
        return made
    }

    private func render(in dialect: Dialect) -> [UInt8] {
        var bytes: [UInt8] = []
        // A number and the end of its line take about that much.
        bytes.reserveCapacity(lines.reduce(0) { $0 + $1.beginning.count + 24 })
        let isRestricted = rule == .counters && dialect == .openMetrics
        for line in lines where !isRestricted || line.value >= 0 {
            bytes += line.beginning
            bytes.append(number: line.value, in: dialect)
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }
}
