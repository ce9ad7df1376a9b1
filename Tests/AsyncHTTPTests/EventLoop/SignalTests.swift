import Glibc
import Testing

@testable import AsyncHTTP

/// Each in a process of its own. A signal is raised on the loop's own thread, because Swift Testing has started others before
/// `withEventLoops` could hold signals back from them.
@Suite("Signals")
struct SignalTests {
    @Test("signals that are held back arrive one after another")
    func arriving() async {
        await #expect(processExitsWith: .success) {
            try holdingBack { group in
                let signals = SignalSource([.user1, .user2], on: group.first)
                raise(SIGUSR1)
                raise(SIGUSR2)
                let first = try await signals.next()
                let second = try await signals.next()
                #expect(Set([first, second]) == [.user1, .user2])
                await withDiscardingTaskGroup { tasks in
                    tasks.addTask {
                        let third = try? await signals.next()
                        #expect(third == .user2)
                    }
                    await group.first.clock.pause()
                    raise(SIGUSR2)
                }
                await signals.close()
            }
        }
    }

    @Test("cancellation ends the wait", arguments: [true, false])
    func cancelled(before: Bool) async {
        await #expect(processExitsWith: .success) { [before = before as Bool] in
            try holdingBack { group in
                let signals = SignalSource([.user1], on: group.first)
                try await withThrowingTaskGroup { tasks in
                    tasks.addTask { try await signals.next() }
                    if !before { await group.first.clock.pause() }
                    tasks.cancelAll()
                    let signal = try await tasks.next()
                    #expect(signal == .some(nil))
                }
                await signals.close()
            }
        }
    }

    @Test("so does closing the source, which can be used again")
    func closed() async {
        await #expect(processExitsWith: .success) {
            try holdingBack { group in
                let signals = SignalSource([.user1], on: group.first)
                try await withThrowingTaskGroup { tasks in
                    tasks.addTask { try await signals.next() }
                    await group.first.clock.pause()
                    await signals.close()
                    let signal = try await tasks.next()
                    #expect(signal == .some(nil))
                }
                raise(SIGUSR1)
                #expect(try await signals.next() == .user1)
                await signals.close()
                await signals.close()
            }
        }
    }

    @Test("a second task that waits is an error, and the first goes on waiting")
    func second() async {
        await #expect(processExitsWith: .success) {
            try holdingBack { group in
                let signals = SignalSource([.user1], on: group.first)
                try await withThrowingTaskGroup { tasks in
                    tasks.addTask { try await signals.next() }
                    await group.first.clock.pause()
                    let error = await #expect(throws: SystemError.self) { try await signals.next() }
                    #expect(error?.errno == EBUSY)
                    raise(SIGUSR1)
                    let signal = try await tasks.next()
                    #expect(signal == .user1)
                }
                await signals.close()
            }
        }
    }

    @Test("no thread that is started here gets a signal, whatever the one that starts it does")
    func threads() async throws {
        let blocked = try await WorkThread(capacity: 1).run {
            var mask = sigset_t()
            unsafe pthread_sigmask(SIG_BLOCK, nil, &mask)
            return [SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2].allSatisfy { unsafe sigismember(&mask, $0) == 1 }
                && (unsafe sigismember(&mask, SIGSEGV)) == 0
        }
        #expect(blocked)
    }

    @Test("signals are held back while the loops run, and afterwards no longer")
    func restored() throws {
        @Sendable func isHeldBack() -> Bool {
            var mask = sigset_t()
            unsafe pthread_sigmask(SIG_BLOCK, nil, &mask)
            return unsafe sigismember(&mask, SIGHUP) == 1
        }
        let before = isHeldBack()
        #expect(try withEventLoops(signals: [.hangUp]) { _ in isHeldBack() })
        #expect(isHeldBack() == before)
    }
}

private func holdingBack(_ body: @escaping @Sendable (EventLoopGroup) async throws -> Void) throws {
    try withEventLoops(signals: [.user1, .user2], body)
}
