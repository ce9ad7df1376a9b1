import AsyncHTTP
import Synchronization
import Testing

@testable import TelemetryServer

@Suite("An answer that many share")
struct SharedAnswerTests {
    private struct Failure: Error {}

    /// What time it is, and what was made when.
    private final class Story: Sendable {
        let moment = Atomic<Int>(0)
        let made = Mutex<[Int]>([])
        let failures = Atomic<Int>(0)
        let strangers = Atomic<Int>(0)

        func shared(on loop: EventLoop) -> SharedAnswer<Int> {
            SharedAnswer(of: { self.moment.load(ordering: .relaxed) }, on: loop) {
                let moment = self.moment.load(ordering: .relaxed)
                if !loop.isCurrent { self.strangers.wrappingAdd(1, ordering: .relaxed) }
                if self.failures.load(ordering: .relaxed) > 0 {
                    self.failures.wrappingSubtract(1, ordering: .relaxed)
                    throw Failure()
                }
                self.made.withLock { $0.append(moment) }
                return try PreparedResponse(.text("\(moment)"))
            }
        }
    }

    @Test("it is made once for each moment at which somebody asks, on its own loop, however many ask")
    func once() throws {
        let story = Story()
        try withEventLoops(count: 2) { group in
            let answer = story.shared(on: group.loops[1])
            for moment in [0, 1, 5] {
                story.moment.store(moment, ordering: .relaxed)
                let answers = try await withThrowingTaskGroup { tasks in
                    for _ in 0..<100 { tasks.addTask { ObjectIdentifier(try await answer.answer()) } }
                    return try await tasks.reduce(into: Set()) { $0.insert($1) }
                }
                #expect(try await answers == [ObjectIdentifier(answer.answer())])
            }
        }
        #expect(story.made.withLock { $0 } == [0, 1, 5])
        #expect(story.strangers.load(ordering: .relaxed) == 0)
    }

    @Test("what could not be made is tried again by the next who asks")
    func failure() throws {
        let story = Story()
        story.failures.store(1, ordering: .relaxed)
        try withEventLoops(count: 2) { group in
            let answer = story.shared(on: group.loops[1])
            await #expect(throws: Failure.self) { try await answer.answer() }
            _ = try await answer.answer()
        }
        #expect(story.made.withLock { $0 } == [0])
    }
}
