import CLinux
import Glibc

/// The signals that a daemon waits for.
public enum Signal: Int32, Sendable, CaseIterable {
    case interrupt = 2
    case terminate = 15
    case hangUp = 1
    case user1 = 10
    case user2 = 12
}

/// A signalfd. The signals are blocked for this thread and every thread it starts later, so make it before there are any.
struct SignalDescriptor: ~Copyable {
    let descriptor: Descriptor

    init(_ signals: [Signal]) throws(SystemError) {
        var set = Self.block(signals)
        let raw = try check("signalfd") {
            unsafe signalfd(-1, &set, Int32(SFD_NONBLOCK | SFD_CLOEXEC))
        }
        descriptor = Descriptor(owning: raw)
    }

    /// Takes one signal that has arrived.
    func next() -> Signal? {
        var information = signalfd_siginfo()
        let size = MemoryLayout<signalfd_siginfo>.size
        let count = unsafe read(descriptor.raw, &information, size)
        return count == size ? Signal(rawValue: Int32(truncatingIfNeeded: information.ssi_signo)) : nil
    }

    /// A process wants these from a descriptor and from nowhere else.
    @discardableResult
    static func block(_ signals: [Signal]) -> sigset_t {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for signal in signals { unsafe sigaddset(&set, signal.rawValue) }
        unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
        return set
    }
}

/// A peer that goes away while it is written to is an error of that write, never the end of the process.
public func ignoreBrokenPipes() {
    _ = signal(SIGPIPE, SIG_IGN)
}
