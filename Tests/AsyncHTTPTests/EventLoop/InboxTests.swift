import Glibc
import Testing

@testable import AsyncHTTP

@Suite("Inbox of a loop")
struct InboxTests {
    private func isReadable(_ raw: Int32) -> Bool {
        var entry = pollfd(fd: raw, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&entry, 1, 0) == 1
    }

    private func names(_ messages: [Inbox.Message]) -> [String] {
        messages.map { message in
            switch message {
            case .job: "job"
            case .call: "call"
            case .stop: "stop"
            }
        }
    }

    @Test("what is posted is taken once, in order")
    func order() throws {
        let inbox = try Inbox()
        inbox.post(.call {})
        inbox.post(.stop)
        inbox.post(.call {})
        #expect(names(inbox.takeAll()) == ["call", "stop", "call"])
        #expect(inbox.takeAll().isEmpty)
    }

    @Test("a loop is woken once per sleep, and not while it is awake")
    func waking() throws {
        let inbox = try Inbox()
        inbox.post(.stop)
        #expect(!isReadable(inbox.descriptor), "it is awake")
        #expect(!inbox.fallAsleep(), "something is waiting")
        _ = inbox.takeAll()
        #expect(inbox.fallAsleep())
        inbox.post(.stop)
        #expect(isReadable(inbox.descriptor))
        inbox.consumeSignal()
        inbox.post(.stop)
        #expect(!isReadable(inbox.descriptor), "it is being woken already")
        #expect(inbox.takeAll().count == 2)
    }

    @Test("what is posted to a loop that has ended is let go")
    func closed() throws {
        final class Held: Sendable {}
        weak var early: Held?
        weak var late: Held?
        let inbox = try Inbox()
        do {
            let (first, second) = (Held(), Held())
            (early, late) = (first, second)
            inbox.post(.call { _ = first })
            inbox.close()
            inbox.post(.call { _ = second })
        }
        #expect(early == nil && late == nil)
        #expect(inbox.takeAll().isEmpty)
    }

    @Test("any number of signals are one event, until they are consumed")
    func wakeUp() throws {
        let wakeUp = try WakeUp()
        #expect(!isReadable(wakeUp.descriptor.raw))
        wakeUp.consume()
        wakeUp.signal()
        wakeUp.signal()
        #expect(isReadable(wakeUp.descriptor.raw))
        wakeUp.consume()
        #expect(!isReadable(wakeUp.descriptor.raw))
        wakeUp.signal()
        #expect(isReadable(wakeUp.descriptor.raw))
    }

    @Test("what a thread has claimed is its own; anybody else who touches it ends the process")
    func threadBound() async {
        let owner = ThreadIdentityCell()
        let bound = ThreadBound(7, owner: owner)
        owner.claim()
        #expect(bound.value == 7)
        await #expect(processExitsWith: .failure) {
            let owner = ThreadIdentityCell()
            let bound = ThreadBound(7, owner: owner)
            owner.claim()
            try Thread.start { _ = bound.value }.join()
        }
        await #expect(processExitsWith: .failure) {
            let owner = ThreadIdentityCell()
            owner.claim()
            owner.disown()
            _ = ThreadBound(7, owner: owner).value
        }
    }
}
