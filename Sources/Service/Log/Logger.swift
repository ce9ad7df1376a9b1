import AsyncHTTP
import Synchronization

/// Writes events to standard error, from any thread. A line that would have to wait is dropped and counted; the next that
/// gets through says how many there were.
package final class Logger: Sendable {
    private let level: LogLevel
    private let format: LogFormat
    private let write: @Sendable ([UInt8]) -> Bool
    private let losses = Mutex(Losses())

    private struct Losses {
        /// Those that no line has told of yet.
        var untold = 0
        var all = 0
    }

    package init(
        _ configuration: LogConfiguration,
        write: @escaping @Sendable ([UInt8]) -> Bool = { StandardError.write($0) }
    ) {
        level = configuration.level
        format = configuration.format
        self.write = write
    }

    /// Lines that were dropped since the start.
    package var linesDropped: Int { losses.withLock(\.all) }

    package func log(_ level: LogLevel, _ message: String, _ fields: [LogLine.Field] = []) {
        guard level >= self.level else { return }
        losses.withLock { losses in
            let lost: [LogLine.Field] = losses.untold > 0 ? [("lines_dropped", LogValue(losses.untold))] : []
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
            if write(bytes) {
                losses.untold = 0
            } else {
                losses.untold &+= 1
                losses.all &+= 1
            }
        }
    }

    package func debug(_ message: String, _ fields: LogLine.Field...) { log(.debug, message, fields) }

    package func info(_ message: String, _ fields: LogLine.Field...) { log(.info, message, fields) }

    package func warn(_ message: String, _ fields: LogLine.Field...) { log(.warn, message, fields) }

    package func error(_ message: String, _ fields: LogLine.Field...) { log(.error, message, fields) }
}
