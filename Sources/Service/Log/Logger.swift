import AsyncHTTP
import Synchronization

/// Writes events to standard error, from any thread. A line that would have to wait is dropped and counted; the next that
/// gets through says how many there were.
package final class Logger: Sendable {
    private let level: LogLevel
    private let format: LogFormat
    private let write: @Sendable ([UInt8]) -> Bool
    private let dropped = Mutex(0)

    package init(
        _ configuration: LogConfiguration,
        write: @escaping @Sendable ([UInt8]) -> Bool = { StandardError.write($0) }
    ) {
        level = configuration.level
        format = configuration.format
        self.write = write
    }

    package func log(_ level: LogLevel, _ message: String, _ fields: [LogLine.Field] = []) {
        guard level >= self.level else { return }
        dropped.withLock { dropped in
            let lost: [LogLine.Field] = dropped > 0 ? [("lines_dropped", LogValue(dropped))] : []
            let line = LogLine(
                level: level,
                message: message,
                fields: fields + lost,
                sinceEpoch: WallClock.sinceEpoch
            )
            var bytes = line.bytes(format)
            if bytes.count > StandardError.longestLine {
                let short = LogLine(level: level, message: message, fields: lost, sinceEpoch: line.sinceEpoch)
                bytes = short.bytes(format)
            }
            dropped = write(bytes) ? 0 : dropped &+ 1
        }
    }

    package func debug(_ message: String, _ fields: LogLine.Field...) { log(.debug, message, fields) }

    package func info(_ message: String, _ fields: LogLine.Field...) { log(.info, message, fields) }

    package func warn(_ message: String, _ fields: LogLine.Field...) { log(.warn, message, fields) }

    package func error(_ message: String, _ fields: LogLine.Field...) { log(.error, message, fields) }
}
