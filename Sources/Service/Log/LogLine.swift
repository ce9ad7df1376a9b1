import AsyncHTTP
import JSON

/// The value of a field of a log line.
package enum LogValue: Sendable, Hashable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    case text(String)
    case number(Double)

    package init(stringLiteral value: String) { self = .text(value) }

    package init(integerLiteral value: Int) { self = .number(Double(value)) }

    package init(_ value: some CustomStringConvertible) { self = .text(value.description) }

    package init(_ value: Int) { self = .number(Double(value)) }

    /// In seconds, for those who compute with it.
    package init(_ value: Duration) { self = .number(value.wholeMilliseconds) }
}

/// One event on one line. Whatever the values hold, the line stays one, and its fields stay those that are meant.
package struct LogLine {
    package typealias Field = (name: String, value: LogValue)

    /// A longer text is cut.
    private static let longestText = 1024

    package let level: LogLevel
    package let message: String
    package let fields: [Field]
    package let sinceEpoch: Duration

    /// With its newline.
    package func bytes(_ format: LogFormat) -> [UInt8] {
        let all =
            [
                ("time", .text(WallClock.text(sinceEpoch))), ("level", .text(level.rawValue)),
                ("msg", .text(message)),
            ] + fields
        switch format {
        case .logfmt: return Array((all.map { "\($0.0)=\(Self.logfmt($0.1))" }.joined(separator: " ") + "\n").utf8)
        case .json:
            let pairs = all.map { "\(JSONText.quoted($0.0)):\(Self.json($0.1))" }
            return Array("{\(pairs.joined(separator: ","))}\n".utf8)
        }
    }

    private static func logfmt(_ value: LogValue) -> String {
        switch value {
        case .number(let number): return JSONText.number(number)
        case .text(let text):
            let isPlain = !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x3D }
            let short = text.cut(toBytes: longestText)
            return isPlain ? short : JSONText.quoted(short)
        }
    }

    private static func json(_ value: LogValue) -> String {
        switch value {
        case .number(let number): JSONText.number(number)
        case .text(let text): JSONText.quoted(text.cut(toBytes: longestText))
        }
    }
}
