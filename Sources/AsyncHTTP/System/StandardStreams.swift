import Glibc

/// Where log lines go. A reader who has stopped reading never holds up a loop.
package enum StandardError {
    /// Of more than this a pipe may take only a part (pipe(7), PIPE_BUF).
    package static let longestLine = 4096

    /// Whether somebody sees it as it is written.
    package static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// - Returns: false when the line could not be written without waiting.
    package static func write(_ line: [UInt8]) -> Bool { sink.write(line) }

    private static let sink = LineSink(STDERR_FILENO)
}

/// What commands print.
package enum StandardOutput {
    /// False when nobody takes it.
    @discardableResult
    package static func write(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let rest = Array(bytes[sent...])
            let count = unsafe Glibc.write(STDOUT_FILENO, rest, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }
}

/// What is piped into a command.
package enum StandardInput {
    /// Everything, to its end, which is waited for.
    ///
    /// - Throws: what the system says, and `EFBIG` when there is more than the limit.
    package static func read(limit: ByteCount) throws(SystemError) -> [UInt8] {
        // A copy, because what a descriptor owns it closes.
        let copy = Descriptor(owning: try check("fcntl") { fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0) })
        let bytes = try copy.readAll(upTo: max(0, limit.bytes) &+ 1, subject: "standard input")
        guard bytes.count <= limit.bytes else { throw SystemError("read", errno: EFBIG, subject: "standard input") }
        return bytes
    }
}
