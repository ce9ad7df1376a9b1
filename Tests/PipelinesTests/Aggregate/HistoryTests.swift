import Pipelines
import TestExposition
import Testing

@Suite("History of a pipeline")
struct HistoryTests {
    private func event(_ number: UInt64, _ change: PipelineChange, of id: String = "p") -> PipelineEvent {
        PipelineEvent(pipelineId: id, number: number, time: moment, change: change)
    }

    @Test("snapshot and tail give the same pipeline as all events, whatever happened", arguments: UInt64(0)..<20)
    func replay(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        var limits = PipelineHistoryLimits()
        limits.keptEvents = Int.random(in: 1...9, using: &generator)
        let aggregate = PipelineAggregate("p", meter: nil, limits: limits)
        var all: [PipelineEvent] = []
        for second in 0..<300 {
            let event = try? await aggregate.handle(generator.command(), at: .seconds(second))
            guard let event else { continue }
            all.append(event)
            let (pipeline, history) = (await aggregate.pipeline, await aggregate.history)
            #expect(all.reduce(Pipeline(id: "p")) { $0.applying($1) } == pipeline)
            #expect(history.pipeline == pipeline)
            #expect(history.snapshot.version + UInt64(history.events.count) == UInt64(all.count))
            #expect(history.events.count < 2 * limits.keptEvents)
            #expect(history.events.count >= min(limits.keptEvents, all.count))
        }
        try #require(all.count > 30)
        let replayed = PipelineAggregate(replaying: await aggregate.history, meter: nil, limits: limits)
        #expect(await replayed.pipeline == aggregate.pipeline)
        #expect(await replayed.history == aggregate.history)
    }

    @Test("an aggregate goes on where its history ends")
    func goesOn() async throws {
        let history = try PipelineHistory(
            snapshot: Pipeline(id: "p"),
            events: [event(1, .created), event(2, .started), event(3, .checkpointUpdated(offset: 8))]
        )
        let aggregate = PipelineAggregate(replaying: history, meter: nil)
        #expect(await aggregate.pipeline == history.pipeline)
        await #expect(throws: PipelineRejection.checkpointBehind(offset: 7, current: 8)) {
            try await aggregate.handle(.updateCheckpoint(offset: 7), at: moment)
        }
        #expect(try await aggregate.handle(.pause, at: moment).number == 4)
    }

    @Test("a long log is shortened when it is replayed")
    func long() async throws {
        let events = (1...1000).map { event($0, $0 == 1 ? .created : $0.isMultiple(of: 2) ? .started : .stopped) }
        let history = try PipelineHistory(snapshot: Pipeline(id: "p"), events: events)
        let aggregate = PipelineAggregate(replaying: history, meter: nil)
        #expect(await aggregate.history.events == events.suffix(100))
        #expect(await aggregate.history.snapshot.version == 900)
        #expect(await aggregate.pipeline == history.pipeline)
    }

    @Test("at least one event is kept, whatever the limit says")
    func leastLimit() async throws {
        var limits = PipelineHistoryLimits()
        limits.keptEvents = -5
        let aggregate = PipelineAggregate("p", meter: nil, limits: limits)
        for command in [.create, .start, .pause] as [PipelineCommand] {
            try await aggregate.handle(command, at: moment)
            #expect(await aggregate.history.events.count == 1)
        }
        #expect(await aggregate.history.snapshot.version == 2)
    }

    @Test("events that are not the log of one pipeline are refused")
    func refused() throws {
        let other = [event(1, .created), event(2, .started, of: "q")]
        #expect(throws: PipelineHistoryError.foreignEvent(pipelineId: "q", expected: "p")) {
            try PipelineHistory(snapshot: Pipeline(id: "p"), events: other)
        }
        let wrong: [([UInt64], number: UInt64, expected: UInt64)] = [
            ([2], 2, 1), ([1, 3], 3, 2), ([1, 1], 1, 2), ([0], 0, 1), ([.max], .max, 1),
        ]
        for (numbers, number, expected) in wrong {
            #expect(throws: PipelineHistoryError.outOfOrder(number: number, expected: expected)) {
                try PipelineHistory(snapshot: Pipeline(id: "p"), events: numbers.map { event($0, .created) })
            }
        }
        #expect(
            "\(PipelineHistoryError.foreignEvent(pipelineId: "q", expected: "p"))"
                == "an event of 'q' is in the log of 'p': give the events of one pipeline"
        )
        #expect(
            "\(PipelineHistoryError.outOfOrder(number: 3, expected: 2))"
                == "event 3 stands where 2 should: give all events since the snapshot, in order"
        )
    }

    @Test("the defaults keep a hundred events, and texts of 256 bytes")
    func defaults() {
        #expect(PipelineHistoryLimits().keptEvents == 100)
        #expect(PipelineHistoryLimits().textBytes == 256)
    }
}
