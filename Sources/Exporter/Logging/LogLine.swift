import Flags
import JSON

/// The value of a field of a log line.
enum LogValue: Sendable, Hashable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    case text(String)
    case number(Double)

    init(stringLiteral value: String) { self = .text(value) }

    init(integerLiteral value: Int) { self = .number(Double(value)) }

    init(_ value: some CustomStringConvertible) { self = .text(value.description) }

    init(_ value: Int) { self = .number(Double(value)) }

    /// In seconds, for those who compute with it.
    init(_ value: Duration) { self = .number(value.wholeMilliseconds) }
}

/// One event on one line. Whatever the values hold, the line stays one, and its fields stay those that are meant.
struct LogLine {
    typealias Field = (name: String, value: LogValue)

    /// A longer text is cut.
    private static let longestText = 1024

    let level: LogLevel
    let message: String
    let fields: [Field]
    let sinceEpoch: Duration

    /// With its newline.
    func bytes(_ format: LogFormat) -> [UInt8] {
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
