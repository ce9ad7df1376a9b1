import AsyncHTTP
import JSON
import Synchronization
import Testing

@testable import Service

@Suite("Log lines")
struct LogTests {
    private func line(_ format: LogFormat, _ fields: [LogLine.Field], message: String = "poll failed") -> String {
        let line = LogLine(level: .warn, message: message, fields: fields, sinceEpoch: .milliseconds(1_769_860_800_123))
        return String(decoding: line.bytes(format), as: UTF8.self)
    }

    @Test("logfmt quotes only what needs it")
    func logfmt() {
        let text = line(.logfmt, [("reason", "timeout"), ("detail", "too late"), ("failures", 3), ("empty", "")])
        #expect(
            text
                == "time=2026-01-31T12:00:00.123Z level=warn msg=\"poll failed\" reason=timeout detail=\"too late\" failures=3"
                + " empty=\"\"\n"
        )
    }

    @Test(
        "a value is quoted when a reader of logfmt would otherwise take another one",
        arguments: [
            ("plain", "plain"), ("!~", "!~"), ("a b", "\"a b\""), ("a=b", "\"a=b\""), ("a\"b", #""a\"b""#),
            ("a\u{7F}b", #""a\u007fb""#), ("\u{1F}", #""\u001f""#), ("é", "\"é\""), ("", "\"\""),
        ]
    )
    func quoting(value: String, written: String) {
        #expect(line(.logfmt, [("value", LogValue(value))]).hasSuffix(" value=\(written)\n"))
    }

    @Test("JSON is an object a line")
    func json() {
        let text = line(.json, [("detail", "a\"b"), ("failures", 3)])
        #expect(
            text
                == #"{"time":"2026-01-31T12:00:00.123Z","level":"warn","msg":"poll failed","detail":"a\"b","failures":3}"#
                + "\n"
        )
    }

    @Test(
        "no value can begin another line, field or object",
        arguments: LogFormat.allCases,
        [
            "a\nlevel=error msg=forged", "a\r\nb", "a\" level=error b=\"", "a=b level=error", "\u{1b}[31m", "\u{2028}x",
            "\\",
            "\u{202E}x", "}\n{\"level\":\"error\"}", "\u{0}",
        ]
    )
    func forged(format: LogFormat, text: String) throws {
        let written = line(format, [("detail", LogValue(text))])
        #expect(written.utf8.filter { $0 == 0x0A }.count == 1)
        #expect(!written.unicodeScalars.dropLast().contains { $0.value < 0x20 || $0 == "\u{2028}" || $0 == "\u{202E}" })
        guard format == .json else { return }
        let values = try JSONFields([["detail"], ["level"]]).read(Array(written.utf8))
        #expect(values == [.string(text), .string("warn")])
    }

    @Test(
        "days are counted as the calendar does",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (951_782_400, "2000-02-29T00:00:00.000Z"),
            (4_107_542_399, "2100-02-28T23:59:59.000Z"), (4_107_542_400, "2100-03-01T00:00:00.000Z"),
            (1_735_689_599, "2024-12-31T23:59:59.000Z"),
        ]
    )
    func dates(seconds: Int, text: String) {
        #expect(WallClock.text(.seconds(seconds)) == text)
    }

    @Test(
        "days before 1970 are days, too",
        arguments: [
            (-1, "1969-12-31T23:59:59.999Z"), (-86_400_000, "1969-12-31T00:00:00.000Z"),
            (-62_135_596_800_000, "0001-01-01T00:00:00.000Z"), (0, "1970-01-01T00:00:00.000Z"),
        ] as [(Int64, String)]
    )
    func early(milliseconds: Int64, text: String) {
        #expect(WallClock.text(milliseconds: milliseconds) == text)
    }

    private static let warnings: LogConfiguration = {
        var configuration = LogConfiguration()
        configuration.level = .warn
        return configuration
    }()

    @Test("a level hides what is less important")
    func levels() {
        let lines = Mutex<[String]>([])
        let logger = Logger(Self.warnings) { bytes in
            lines.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) }
            return true
        }
        logger.debug("a")
        logger.info("b")
        logger.warn("c")
        logger.error("d")
        #expect(lines.withLock { $0.map { $0.contains("msg=c") || $0.contains("msg=d") } } == [true, true])
    }

    @Test("lines that could not be written are counted in the next that is")
    func dropped() {
        let state = Mutex<(full: Bool, lines: [String])>((true, []))
        let logger = Logger(LogConfiguration()) { bytes in
            state.withLock { state in
                if !state.full { state.lines.append(String(decoding: bytes, as: UTF8.self)) }
                return !state.full
            }
        }
        logger.info("a")
        logger.info("b")
        state.withLock { $0.full = false }
        logger.info("c")
        logger.info("d")
        let lines = state.withLock { $0.lines }
        #expect(lines.count == 2)
        #expect(lines[0].contains("lines_dropped=2"))
        #expect(!lines[1].contains("lines_dropped"))
        #expect(logger.linesDropped == 2)
    }

    @Test("a line never exceeds what a pipe takes at once")
    func length() {
        let longest = Mutex(0)
        let logger = Logger(LogConfiguration()) { bytes in
            longest.withLock { $0 = max($0, bytes.count) }
            return true
        }
        let text = String(repeating: "\u{1}", count: 5000)
        logger.info("m", ("a", LogValue(text)), ("b", LogValue(text)), ("c", LogValue(text)))
        #expect(longest.withLock { $0 } <= StandardError.longestLine)
    }

    @Test("a failure is reported when it is new, when it changes, and once a minute")
    func repeated() {
        var failures = RepeatedFailure()
        var reports: [String] = []
        for second in 0..<150 {
            let key = second < 140 ? "connect" : "timeout"
            if let report = failures.failed(key, at: MonotonicInstant(nanoseconds: 0).advanced(by: .seconds(second))) {
                reports.append("\(second) \(report)")
            }
        }
        #expect(reports == ["0 first", "60 repeated(60)", "120 repeated(60)", "140 first"])
        let ends = [failures.succeeded(), failures.succeeded()]
        #expect(ends == [true, false])
    }

    @Test("errors that come with every request are a line, and one a minute")
    func failures() {
        struct Broken: Error {}
        let lines = Mutex<[String]>([])
        let logger = Logger(LogConfiguration()) { bytes in
            lines.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) }
            return true
        }
        let log = FailureLog("it failed", logger)
        for second in 0..<61 {
            log.failed(Broken(), at: MonotonicInstant(nanoseconds: 0).advanced(by: .seconds(second)))
        }
        let written = lines.withLock { $0 }
        #expect(written.count == 2)
        #expect(written[0].contains("level=error msg=\"it failed\" error=Broken()"))
        #expect(written[1].contains("repeated=60"))
    }
}
