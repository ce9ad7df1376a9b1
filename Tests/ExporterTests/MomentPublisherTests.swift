import AsyncHTTP
import Telemetry
import TelemetryServer
import TestClock
import Testing

@testable import Exporter

@Suite("What is rendered for whom")
struct MomentPublisherTests {
    private static let text = Representation(.text004, .identity)
    private static let gzip = Representation(.text004, .gzip)

    private func staged(_ body: @escaping @Sendable (MomentPublisher, ManualClock) async throws -> Void) throws {
        try withEventLoops { group in
            let stage = try VerdictKeeperTests.Stage(on: group.first)
            try await body(stage.publisher, stage.clock)
        }
    }

    private func isReady(_ publisher: MomentPublisher, _ representation: Representation) -> Bool {
        // The publisher would take a look for a wish.
        publisher.moment.scrape[representation] != nil
    }

    @Test("what nobody has asked for is not rendered; a first who asks has it made, once; the next moment has it")
    func cold() throws {
        try staged { publisher, clock in
            #expect(!isReady(publisher, Self.text) && !isReady(publisher, Self.gzip))
            publisher.publish(publisher.verdict, at: clock.now)
            #expect(!isReady(publisher, Self.text) && !isReady(publisher, Self.gzip))

            #expect(publisher.scrape(Self.gzip) == nil)
            let made = try await publisher.made(Self.gzip)
            #expect(publisher.scrape(Self.gzip) === made)
            #expect(try await publisher.made(Self.gzip) === made)
            #expect(!isReady(publisher, Self.text))

            let version = publisher.version
            publisher.renewIfWanted(at: clock.now)
            #expect(publisher.version != version && isReady(publisher, Self.gzip) && !isReady(publisher, Self.text))
            #expect(publisher.scrape(Self.gzip) !== made)
        }
    }

    @Test("ten minutes after the last who asked it is not rendered any more")
    func forgotten() throws {
        try staged { publisher, clock in
            _ = publisher.scrape(Self.gzip)
            publisher.publish(publisher.verdict, at: clock.now)
            await clock.advance(by: .seconds(599))
            publisher.publish(publisher.verdict, at: clock.now)
            #expect(isReady(publisher, Self.gzip))
            await clock.advance(by: .seconds(1))
            publisher.publish(publisher.verdict, at: clock.now)
            #expect(!isReady(publisher, Self.gzip))
            _ = publisher.scrape(Self.gzip)
            publisher.renewIfWanted(at: clock.now)
            #expect(isReady(publisher, Self.gzip))
        }
    }
}
