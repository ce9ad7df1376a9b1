import AsyncHTTP
import Synchronization
import Testing

@testable import Service

@Suite("From the first signal to the last answer")
struct LifecycleTests {
    /// What a program was told, in order, and how long its drain goes on.
    private final class Story: Sendable {
        let events = Mutex<[String]>([])
        let drainEnds = Atomic<Bool>(false)
        private let reloads: Bool

        init(reloads: Bool = false) {
            self.reloads = reloads
        }

        func tell(_ event: String) { events.withLock { $0.append(event) } }

        var told: [String] { events.withLock { $0 } }

        var steps: Lifecycle.Steps {
            Lifecycle.Steps(
                ends: { self.tell("ends") },
                drain: { goesOn in
                    self.tell("drains")
                    while goesOn(), !self.drainEnds.load(ordering: .relaxed), !Task.isCancelled { await Task.yield() }
                    self.tell(goesOn() ? "drained" : "over")
                    return "the agent is gone"
                },
                shutdown: { self.tell($0 ? "shuts down" : "cuts") },
                reload: reloads ? { @Sendable in self.tell("reads again") } : nil
            )
        }
    }

    /// Sends signals one after another, each when the one before has been obeyed.
    private func obey(_ signals: [Signal], _ story: Story, then: @escaping @Sendable () async -> Void = {}) throws {
        try withEventLoops { group in
            let logger = Logger(LogConfiguration()) { bytes in
                story.tell(String(decoding: bytes, as: UTF8.self).contains("because=") ? "logs why" : "logs")
                return true
            }
            let lifecycle = Lifecycle(
                story.steps,
                notifier: ServiceNotifier(address: nil),
                logger: logger,
                on: group.first
            )
            let sent = Mutex(0)
            let box = Box(sent)
            try await lifecycle.obey {
                for _ in 0..<20 { await Task.yield() }
                let number = box.sent.withLock { number in
                    number += 1
                    return number - 1
                }
                if number < signals.count { return signals[number] }
                await then()
                for _ in 0..<20 { await Task.yield() }
                return nil
            }
        }
    }

    private final class Box: Sendable {
        let sent: Mutex<Int>
        init(_ sent: consuming Mutex<Int>) { self.sent = sent }
    }

    @Test("SIGINT stops at once, and lets every answer be finished")
    func interrupt() throws {
        let story = Story()
        try obey([.interrupt], story)
        #expect(story.told == ["logs", "ends", "logs why", "shuts down"])
    }

    @Test("SIGTERM drains, and stops when there is nothing left to wait for")
    func terminate() throws {
        let story = Story()
        try obey([.terminate], story) { story.drainEnds.store(true, ordering: .relaxed) }
        #expect(story.told == ["logs", "ends", "drains", "drained", "ends", "logs why", "shuts down"])
    }

    @Test("a second signal ends the drain, a third cuts what is left", arguments: [Signal.interrupt, .terminate])
    func again(signal: Signal) throws {
        let story = Story()
        try obey([.terminate, signal, signal], story)
        #expect(
            story.told.filter { $0 != "logs" } == ["ends", "drains", "ends", "logs why", "shuts down", "over", "cuts"]
        )
    }

    @Test("SIGHUP changes nothing and is said, before the end and during it")
    func hangUp() throws {
        let story = Story()
        try obey([.hangUp, .hangUp, .terminate, .hangUp, .interrupt], story)
        #expect(
            story.told == [
                "logs", "logs", "logs", "ends", "drains", "logs", "logs", "ends", "logs why", "shuts down", "over",
            ]
        )
    }

    @Test("SIGHUP reads files again where there are some, before the end and during it")
    func reload() throws {
        let story = Story(reloads: true)
        try obey([.hangUp, .terminate, .hangUp, .interrupt], story)
        #expect(
            story.told.filter { $0 != "logs" } == [
                "reads again", "ends", "drains", "reads again", "ends", "logs why", "shuts down", "over",
            ]
        )
    }

    @Test("what needs no drain waits for SIGINT or SIGTERM, and says of SIGHUP that it changes nothing")
    func ends() throws {
        let lines = Mutex<[String]>([])
        let box = Box(Mutex(0))
        let logger = Logger(LogConfiguration()) { bytes in
            lines.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) }
            return true
        }
        try withEventLoops { _ in
            try await logger.untilEnd {
                box.sent.withLock { number in
                    number += 1
                    return [.hangUp, .hangUp, .terminate, .interrupt][number - 1]
                }
            }
        }
        #expect(box.sent.withLock { $0 } == 3)
        #expect(lines.withLock { $0.map { $0.contains("signal=SIGHUP") } } == [true, true, false])
    }

    @Test("the service manager is told once that it stops")
    func notifies() throws {
        let path = "/tmp/lifecycle-\(UInt64.random(in: 0 ... .max)).sock"
        let manager = try ManagerSocket(path)
        let notifier = ServiceNotifier(address: path)
        notifier.ready()
        notifier.stopping()
        #expect(manager.received() == "READY=1")
        #expect(manager.received() == "STOPPING=1")
        ServiceNotifier(address: "/nowhere/at/all").ready()
        ServiceNotifier(address: nil).ready()
    }
}
