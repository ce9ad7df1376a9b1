import CLinux
import Glibc

/// The signals that a daemon waits for.
public enum Signal: Int32, Sendable, CaseIterable {
    /// SIGINT: somebody has pressed Control-C.
    case interrupt = 2
    /// SIGTERM: whoever runs the process wants it to end, and will wait a while.
    case terminate = 15
    /// SIGHUP: by custom, read the configuration again; from a terminal, that it has gone.
    case hangUp = 1
    /// SIGUSR1: whatever the program makes of it.
    case user1 = 10
    /// SIGUSR2: whatever the program makes of it.
    case user2 = 12
}

/// The signals that this thread, and every thread that it starts, does not get.
struct SignalMask {
    private let previous: sigset_t

    init(blocking signals: [Signal]) {
        var (set, previous) = (sigset_t(signals), sigset_t())
        unsafe pthread_sigmask(SIG_BLOCK, &set, &previous)
        self.previous = previous
    }

    func restore() {
        var set = previous
        unsafe pthread_sigmask(SIG_SETMASK, &set, nil)
    }
}

/// A signalfd: what the mask holds back arrives here.
enum SignalDescriptor {
    static func open(_ signals: [Signal]) throws(SystemError) -> Descriptor {
        var set = sigset_t(signals)
        return Descriptor(
            owning: try check("signalfd") { unsafe signalfd(-1, &set, Int32(SFD_NONBLOCK | SFD_CLOEXEC)) }
        )
    }

    /// Takes one signal that has arrived.
    static func next(from descriptor: borrowing Descriptor) -> Signal? {
        var information = signalfd_siginfo()
        let size = MemoryLayout<signalfd_siginfo>.size
        let count = unsafe read(descriptor.raw, &information, size)
        return count == size ? Signal(rawValue: Int32(truncatingIfNeeded: information.ssi_signo)) : nil
    }
}

extension sigset_t {
    fileprivate init(_ signals: [Signal]) {
        self.init()
        unsafe sigemptyset(&self)
        for signal in signals { unsafe sigaddset(&self, signal.rawValue) }
    }
}

/// A peer that goes away while it is written to is an error of that write, never the end of the process.
public func ignoreBrokenPipes() {
    _ = signal(SIGPIPE, SIG_IGN)
}
