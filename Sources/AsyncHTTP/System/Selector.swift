import CLinux
import Glibc

/// What epoll said of a descriptor.
struct Readiness: OptionSet {
    let rawValue: UInt32

    static let read = Readiness(rawValue: EPOLLIN.rawValue)
    static let write = Readiness(rawValue: EPOLLOUT.rawValue)
    /// The peer has sent its last byte; a read will say so after what is still buffered.
    static let peerClosed = Readiness(rawValue: EPOLLRDHUP.rawValue)
    static let broken = Readiness(rawValue: EPOLLERR.rawValue | EPOLLHUP.rawValue)
}

/// An epoll instance: descriptors are registered once, edge-triggered, under a token that comes back with each event.
///
/// Safe although `epoll_event` holds a union with a pointer: only the number in it is ever used.
@safe final class Selector {
    private let epoll: Descriptor
    private let events: UnsafeMutableBufferPointer<epoll_event>

    init(eventsPerWait: Int) throws(SystemError) {
        epoll = Descriptor(owning: try check("epoll_create1") { epoll_create1(Int32(EPOLL_CLOEXEC)) })
        unsafe events = .allocate(capacity: max(1, eventsPerWait))
        unsafe events.initialize(repeating: epoll_event())
    }

    deinit {
        unsafe events.deallocate()
    }

    private static let everything = EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
    private static let exclusive = EPOLLIN.rawValue | EPOLLET.rawValue | EPOLLEXCLUSIVE.rawValue

    /// - Parameter shared: several selectors watch the same open file, and one of them is to be woken per event.
    func register(_ descriptor: Int32, token: UInt64, shared: Bool = false) throws(SystemError) {
        let epoll = epoll.raw
        try check("epoll_ctl") {
            clinux_epoll_control(epoll, EPOLL_CTL_ADD, descriptor, shared ? Self.exclusive : Self.everything, token)
        }
    }

    /// Asks for another event if there is, after all, something to read or room to write.
    func rearm(_ descriptor: Int32, token: UInt64) {
        _ = clinux_epoll_control(epoll.raw, EPOLL_CTL_MOD, descriptor, Self.everything, token)
    }

    /// For a descriptor of which a duplicate stays open; closing the last one does this by itself.
    func deregister(_ descriptor: Int32) {
        _ = clinux_epoll_control(epoll.raw, EPOLL_CTL_DEL, descriptor, 0, 0)
    }

    /// Waits until something happens or `milliseconds` have passed (-1: for ever) and hands over each event.
    ///
    /// - Parameter woken: called before the first: what follows happens after the wait.
    func wait(milliseconds: Int32, woken: () -> Void, _ body: (UInt64, Readiness) -> Void) {
        let count = unsafe Int(epoll_wait(epoll.raw, events.baseAddress, Int32(events.count), milliseconds))
        // EINTR is an empty tick; every other errno would be a bug of this file.
        precondition(count >= 0 || errno == EINTR, "epoll_wait failed")
        woken()
        for index in 0..<max(0, count) {
            let event = unsafe events.baseAddress.map { unsafe $0 + index }
            unsafe body(clinux_epoll_token(event), Readiness(rawValue: clinux_epoll_readiness(event)))
        }
    }
}
