package import AsyncHTTP
import Glibc
package import SQLite

/// Why the log does not do what was asked, and what to do next.
package struct LogError: Error, Hashable, CustomStringConvertible {
    package enum Kind: Sendable, Hashable {
        /// More waits for the disk than may.
        case behind
        /// It is as large as it may be, and a follower has not read what could go.
        case full
        /// The disk has no room.
        case noSpace
        case readOnly
        /// Another process has it.
        case inUse
        /// Somebody works on it with `sqlite3`.
        case busy
        case symbolicLink
        case notAFile
        /// It is no log of a hub.
        case foreign
        /// A later version has written it.
        case newer
        case damaged
        /// A report with more samples than one may have.
        case tooLarge
        /// More distinct series or components than may be kept.
        case tooManySeries
        /// Its file has been moved or deleted while it was open.
        case gone
        case closed
        /// Who asked has gone; what was handed over may be written or not.
        case cancelled
        case failed
    }

    package let kind: Kind
    package let path: String
    /// What the system or SQLite said, or a number that matters.
    package let detail: String

    package init(_ kind: Kind, _ path: String, detail: String = "") {
        self.kind = kind
        self.path = path
        self.detail = detail
    }

    package init(_ error: SQLiteError, _ path: String) {
        kind =
            switch error.kind {
            case .busy: .busy
            case .full: .noSpace
            case .readOnly: .readOnly
            case .corrupt: .damaged
            case .notADatabase: .foreign
            case .cannotOpen, .io, .other: error.message.hasPrefix("no such table") ? .damaged : .failed
            }
        self.path = path
        detail = error.description
    }

    package init(_ error: SystemError, _ path: String) {
        kind =
            switch error.errno {
            case ELOOP: .symbolicLink
            case EISDIR, EINVAL, ENXIO: .notAFile
            case EWOULDBLOCK: .inUse
            case EROFS, EACCES, EPERM: .readOnly
            case ENOSPC, EDQUOT: .noSpace
            default: .failed
            }
        self.path = path
        detail = error.description
    }

    package var description: String {
        detail.isEmpty ? "\(path): \(advice)" : "\(path): \(advice): \(detail)"
    }

    /// The same without the path, for those whom it does not concern.
    var advice: String {
        switch kind {
        case .behind: "the disk does not keep up with what is reported; send it again later"
        case .full:
            "it is as large as it may be and a follower has not read the oldest reports; see to the follower, or give it "
                + "more room"
        case .noSpace: "there is no room on the disk; make room, and it goes on by itself"
        case .readOnly: "it cannot be written; its file and directory must be writable by this user"
        case .inUse: "another process has it; one hub has one log"
        case .busy: "somebody else has been writing to it for too long; look for an open sqlite3"
        case .symbolicLink: "it is a symbolic link, which is not followed; name the file itself"
        case .notAFile: "it is no regular file; name a file, which is made if it is missing"
        case .foreign: "it is no log of a hub; name another file, or move this one away"
        case .newer: "a later version has written it; run that version, or move the file away"
        case .damaged: "it is damaged; move it away and look at it with `store verify`, a new one is made"
        case .tooLarge: "the report has more samples than one may have"
        case .tooManySeries: "it holds as many distinct series or components as it may; see what makes new ones"
        case .gone:
            "its file was moved or deleted while it was open; put it back, or start the program again, which makes a new one"
        case .closed: "it is being closed"
        case .cancelled: "nobody waits for it any more"
        case .failed: "it cannot be used"
        }
    }
}

extension LogError {
    /// Does it, and says of a failure which file it was about.
    static func naming<Result: ~Copyable>(
        _ path: String,
        _ body: () throws(SQLiteError) -> Result
    ) throws(LogError) -> Result {
        do throws(SQLiteError) {
            return try body()
        } catch {
            throw LogError(error, path)
        }
    }
}
