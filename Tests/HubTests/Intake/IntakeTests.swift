import Access
import AsyncHTTP
import Digests
import Telemetry
import Testing

@testable import Hub

@Suite("The way of a report")
struct IntakeTests {
    private let named = #""component_name":"w","component_type":"t","#

    @Test(
        "what becomes of it, and that it is counted",
        arguments: [
            (report(metric()), .accepted), (report(""), .accepted), ("{", .malformed), ("{}", .malformed),
            (report(metric(name: #""up""#)), .rejected), (report(metric(value: "{}")), .rejected),
            (report(metric(name: #""up""#) + "," + metric()), .accepted),
            (report(Array(repeating: metric(), count: 1001).joined(separator: ",")), .tooLarge),
        ] as [(String, ReportResult)]
    )
    func results(body: String, result: ReportResult) async throws {
        let hub = try Takings()
        #expect(await hub.take(body) == result)
        for other in ReportResult.allCases { #expect(hub.metrics.reports(other) == (other == result ? 1 : 0)) }
    }

    @Test("a sign of life for which there is no place is told which limit was met")
    func noPlace() async throws {
        var rules = IntakeConfiguration()
        rules.components = 1
        let hub = try Takings(rules: rules)
        #expect(await hub.take(report(metric())) == .accepted)
        let other = Array(report("", #""component_name":"other","component_type":"t""#).utf8)
        guard case .refused(let refused) = await hub.intake.take(other, from: nil, arrived: arrival) else {
            Issue.record("it was kept")
            return
        }
        #expect(refused.result == .rejected && refused.message == HoldingCap.components(1).description)
    }

    @Test("one that is sent again is kept once, and shown as it was first")
    func duplicate() async throws {
        let hub = try Takings()
        let fields = #""component_name":"w","component_type":"t","report_id":"1""#
        #expect(await hub.take(report(metric(value: "1"), fields)) == .accepted)
        #expect(await hub.take(report(metric(value: "2"), fields)) == .duplicate)
        let page = try await hub.intake.store.answer(LogQuery()) { $0 }
        #expect(page.rows.map(\.metric.value) == [1])
    }

    @Test(
        "what is not kept is not exported",
        arguments: [
            (.noSpace, .unavailable), (.behind, .unavailable), (.full, .unavailable), (.closed, .unavailable),
            (.tooLarge, .tooLarge),
        ] as [(LogError.Kind, ReportResult)]
    )
    func refusingStore(kind: LogError.Kind, result: ReportResult) async throws {
        let hub = try Takings(WilfulStore(refusing: kind))
        let outcome = await hub.intake.take(Array(report(metric()).utf8), from: nil, arrived: arrival)
        guard case .refused(let refused) = outcome else {
            Issue.record("it was kept")
            return
        }
        #expect(refused.result == result)
        #expect((refused.retryAfter != nil) == (result == .unavailable))
        // Where the file is concerns nobody who reports.
        #expect(!refused.message.contains("/secret"))
        var renderer = LatestRenderer()
        let bodies = renderer.render(hub.latest.changes())
        #expect(bodies.representation(.text004, .identity).body.isEmpty)
    }

    @Test("where only registered components may report, others may not")
    func strict() async throws {
        var rules = IntakeConfiguration()
        rules.isStrict = true
        let hub = try Takings(rules: rules)
        #expect(await hub.take(report(metric())) == .unregistered)
        hub.intake.registration.add(Component(type: "t", name: "w"))
        #expect(await hub.take(report(metric())) == .accepted)
        hub.intake.registration.remove(Component(type: "t", name: "w"))
        #expect(await hub.take(report(metric())) == .unregistered)
    }

    @Test("a report that was not kept holds nothing: neither places, nor a type, nor a component")
    func released() async throws {
        let hub = try Takings(WilfulStore(refusing: .noSpace))
        for number in 0..<10 {
            #expect(await hub.take(report(metric(name: #""a\#(number)""#))) == .unavailable)
        }
        #expect(hub.latest.seriesCount == 0)
        #expect(hub.latest.componentCount == 0)
        // What was there before stays.
        let other = try Takings()
        let fields = #""component_name":"w","component_type":"t","report_id":"1""#
        #expect(await other.take(report(metric(), fields)) == .accepted)
        #expect(await other.take(report(metric(name: #""b""#), fields)) == .duplicate)
        #expect(other.latest.seriesCount == 1)
        #expect(await other.take(report(metric(name: #""b""#, kind: #""counter""#))) == .accepted)
    }

    @Test("a rule that bars a component bars it whatever its samples are")
    func barredRubbish() async throws {
        var rules = IntakeConfiguration()
        rules.isStrict = true
        let hub = try Takings(rules: rules)
        #expect(await hub.take(report(metric(name: #""up""#))) == .unregistered)
        #expect(hub.metrics.reports(.rejected) == 0)
    }

    @Test("a store with as many series as it may have refuses for good, so that others need not wait")
    func tooManySeries() async throws {
        let hub = try Takings(WilfulStore(refusing: .tooManySeries))
        #expect(await hub.take(report(metric())) == .rejected)
    }

    @Test("a component that reports more often than it may waits, and no other does")
    func rate() async throws {
        var rules = IntakeConfiguration()
        rules.rate = RequestRate(interval: 1_000_000_000, burst: 1)
        let hub = try Takings(rules: rules)
        #expect(await hub.take(report(metric())) == .accepted)
        #expect(await hub.take(report(metric())) == .tooFast)
        #expect(await hub.take(report(metric(), #""component_name":"x","component_type":"t""#)) == .accepted)
        #expect(await hub.take(report(metric()), after: 1) == .accepted)
    }

    @Test("as many rates are remembered as there may be components; who may report at once is forgotten first")
    func rememberedRates() {
        let rates = ReportRates(RequestRate(interval: 1_000_000_000, burst: 1), limit: 2)
        func take(_ name: String, at second: Int64) -> Duration? {
            rates.take(Component(type: "t", name: name), at: MonotonicInstant(nanoseconds: second * 1_000_000_000))
        }
        #expect(take("a", at: 0) == nil)
        #expect(take("b", at: 10) == nil)
        #expect(take("c", at: 10) == nil)
        #expect(take("b", at: 10) == .seconds(1))
        // Now both are remembered, and neither may: all begin anew.
        #expect(take("d", at: 10) == nil)
        #expect(take("b", at: 10) == nil)
    }

    @Test("a caller speaks for its own components only")
    func callers() async throws {
        let hub = try Takings()
        let caller = KnownCaller(
            BearerToken(
                name: "team",
                digest: .sha256(Array("token".utf8)),
                scopes: [.write],
                components: [Glob("w-*")]
            )
        )
        let (own, other) = (
            #""component_name":"w-1","component_type":"t""#, #""component_name":"x","component_type":"t""#
        )
        let taken = await hub.intake.take(Array(report(metric(), own).utf8), from: caller, arrived: arrival)
        guard case .kept = taken else {
            Issue.record("its own was refused")
            return
        }
        let barred = await hub.intake.take(Array(report(metric(), other).utf8), from: caller, arrived: arrival)
        guard case .refused(let refused) = barred else {
            Issue.record("another's was taken")
            return
        }
        #expect(refused.result == .forbidden)
    }

    @Test("as many are registered as may be")
    func registrations() {
        let registration = Registration(isStrict: true, limit: 1)
        #expect(registration.add(Component(type: "t", name: "a")))
        #expect(registration.add(Component(type: "t", name: "a")))
        #expect(!registration.add(Component(type: "t", name: "b")))
        #expect(registration.remove(Component(type: "t", name: "a")))
        #expect(registration.add(Component(type: "t", name: "b")))
    }

    @Test("after a restart what has not expired is exported again")
    func refill() async throws {
        let directory = try LogDirectory()
        let store = try LogStore(directory.configuration())
        _ = try await store.append(.sample(["old": 1], of: "a", at: midnight))
        _ = try await store.append(.sample(["new": 2], of: "b", at: midnight + 600_000))
        let latest = Latest()
        let count = try Refill.run(latest, from: store, ttl: .seconds(300), at: midnight + 600_001)
        #expect(count == 1)
        #expect(latest.components().map(\.component.name) == ["b"])
        store.close()
    }
}
