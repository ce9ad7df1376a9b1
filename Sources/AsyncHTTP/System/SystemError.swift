import Glibc

/// A system call that failed: which one, on what, and the errno it left.
public struct SystemError: Error, Hashable, CustomStringConvertible {
    /// The name of the call, such as `bind`, as its manual page has it.
    public let call: String
    /// Why it failed, one of the numbers of errno(3).
    public let errno: Int32
    /// What the call was about, such as an address or a path; empty when there is nothing to name.
    public let subject: String

    init(_ call: String, errno: Int32, subject: String = "") {
        self.call = call
        self.errno = errno
        self.subject = subject
    }

    /// Somebody else is at it.
    static func busy(_ call: String) -> SystemError { SystemError(call, errno: EBUSY) }

    /// The process or the machine has run out of something: whoever the call was about is not to blame.
    var isExhaustion: Bool {
        [EMFILE, ENFILE, ENOMEM, ENOBUFS].contains(errno) || call == "pthread_create" && errno == EAGAIN
    }

    /// The call, its subject and the system's own words for the number.
    public var description: String {
        let text = unsafe String(cString: strerror(errno))
        return subject.isEmpty ? "\(call): \(text)" : "\(call) \(subject): \(text)"
    }
}

/// Repeats a call that a signal interrupted, and turns -1 into the error that says which call it was.
@discardableResult
func check<Result: SignedInteger>(
    _ call: String,
    subject: String = "",
    _ body: () -> Result
) throws(SystemError) -> Result {
    while true {
        let result = body()
        if result >= 0 { return result }
        let code = Glibc.errno
        if code == EINTR { continue }
        throw SystemError(call, errno: code, subject: subject)
    }
}
