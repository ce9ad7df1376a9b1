import Glibc
import Synchronization

/// Writes lines to a descriptor that the process shares with others, from any thread, and never waits for a reader. A line that
/// does not fit is dropped; of one that fits in part the rest is sent before the next, so that no two merge.
package final class LineSink: Sendable {
    /// How a write can be kept from waiting.
    private enum Way: Sendable {
        /// By a flag of the call.
        case socket
        /// By an open file of our own: to set O_NONBLOCK on the one that is shared would surprise those who share it.
        case reopened
        /// It never waits for a reader, as a file on a disk.
        case plain
        /// Not at all, but for looking first whether there is room. Somebody else may take it in between.
        case polled
    }

    private let raw: Int32
    private let way: Way
    /// What is still to be sent of the last line.
    private let rest = Mutex<[UInt8]>([])

    /// - Parameter shared: stays its owner's, and is to stay open.
    package init(_ shared: Int32) {
        var information = stat()
        let kind = unsafe fstat(shared, &information) == 0 ? information.st_mode & S_IFMT : 0
        (raw, way) =
            switch kind {
            case S_IFSOCK: (shared, .socket)
            case S_IFIFO: Self.reopened(shared)
            case S_IFCHR where isatty(shared) == 1: Self.reopened(shared)
            case S_IFREG: (shared, .plain)
            default: (shared, .polled)
            }
    }

    deinit {
        if way == .reopened { close(raw) }
    }

    private static func reopened(_ shared: Int32) -> (Int32, Way) {
        // Fails where there is no /proc, and where the pipe belongs to somebody else.
        let raw = unsafe open("/proc/self/fd/\(shared)", O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
        return raw >= 0 ? (raw, .reopened) : (shared, .polled)
    }

    /// - Returns: false when the line was dropped.
    package func write(_ line: [UInt8]) -> Bool {
        rest.withLock { rest in
            if !rest.isEmpty {
                rest.removeFirst(send(rest) ?? rest.count)
                if !rest.isEmpty { return false }
            }
            guard let sent = send(line), sent > 0 else { return line.isEmpty }
            rest = Array(line[sent...])
            return true
        }
    }

    /// - Returns: how much was taken; nil when nothing will ever be.
    private func send(_ bytes: [UInt8]) -> Int? {
        switch way {
        case .socket: transfer { unsafe Glibc.send(raw, bytes, bytes.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)) }
        case .reopened: transfer { unsafe Glibc.write(raw, bytes, bytes.count) }
        case .plain: wholly(bytes)
        case .polled: hasRoom ? transfer { unsafe Glibc.write(raw, bytes, bytes.count) } : 0
        }
    }

    private func transfer(_ call: () -> Int) -> Int? {
        switch Transfer(call) {
        case .bytes(let count): count
        case .wouldBlock: 0
        case .failed: nil
        }
    }

    private func wholly(_ bytes: [UInt8]) -> Int? {
        var sent = 0
        while sent < bytes.count {
            let left = Array(bytes[sent...])
            guard let count = transfer({ unsafe Glibc.write(raw, left, left.count) }), count > 0 else { return nil }
            sent += count
        }
        return sent
    }

    private var hasRoom: Bool {
        var watched = pollfd(fd: raw, events: Int16(POLLOUT), revents: 0)
        return unsafe poll(&watched, 1, 0) == 1 && watched.revents & Int16(POLLOUT) != 0
    }
}
