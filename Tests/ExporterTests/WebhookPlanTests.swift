import AsyncHTTP
import JSON
import Service
import Testing
import WebhookChecks
import Webhooks

@testable import Exporter

@Suite("Simulated webhooks: what is sent")
struct WebhookPlanTests {
    private func plan(_ change: (inout WebhookSimulation) -> Void = { _ in }) throws -> WebhookPlan {
        var simulation = WebhookSimulation()
        change(&simulation)
        return try #require(WebhookPlan(simulation, secret: "mysecretkey", seed: 7))
    }

    @Test(
        "every hundred has exactly as many of each kind as is asked for, and the first ten nearly",
        arguments: [(0, 0), (20, 0), (0, 30), (1, 1), (33, 44), (50, 50), (100, 0), (0, 100)]
    )
    func shares(refused: Int, failing: Int) throws {
        for seed: UInt64 in [0, 1, 61, 99, .max] {
            let plan = try plan { ($0.badSignatures, $0.failures, $0.seed) = (refused, failing, seed) }
            for start in [0, 100, 12_345] {
                let intents = (start..<start + 100).map { plan.intent(ofNumber: $0) }
                #expect(intents.filter { $0 == .refused }.count == refused)
                #expect(intents.filter { $0 == .failing }.count == failing)
            }
            let few = (0..<10).map { plan.intent(ofNumber: $0) }.filter { $0 == .refused }.count
            #expect(abs(few - refused / 10) <= 1)
        }
    }

    @Test("the same seed sends the same again, another one something else, and no two are the same")
    func deterministic() throws {
        let (one, other) = (try plan(), try plan { $0.seed = 8 })
        let bodies = (0..<100).map { one.webhook($0, at: .seconds(5)).body }
        #expect(bodies == (0..<100).map { (try? plan())?.webhook($0, at: .seconds(6)).body })
        #expect(Set(bodies).count == 100)
        #expect(other.webhook(0, at: .seconds(5)).body != bodies[0])
        #expect((one.seed, other.seed) == (7, 8))
    }

    @Test("a webhook is the event of a ticket shop, and says so when it asks for a failure")
    func event() throws {
        let plan = try plan { $0.failures = 50 }
        let webhooks = (0..<100).map { plan.webhook($0, at: .seconds(1000)) }
        for webhook in webhooks {
            let event = try JSONReader().read(webhook.body)
            #expect(event["event"] == "ticket_created")
            #expect(event["details"]?["ticket"]?["price"]?["currency"] == "CHF")
            #expect(event["simulate"] == (webhook.intent == .failing ? "failure" : nil))
        }
        #expect(Set(webhooks.map(\.intent)) == [.taken, .failing])
    }

    @Test("a short event is filled up to the size that is asked for, and stays JSON", arguments: [1, 500, 600, 5000])
    func sizes(least: Int) throws {
        let body = try plan { $0.payload = .bytes(least) }.webhook(0, at: .zero).body
        _ = try JSONReader().read(body)
        let bare = try plan().webhook(0, at: .zero).body.count
        #expect(least <= bare ? body.count == bare : (least...least + 11).contains(body.count))
        if least >= 600 { #expect(body.count == least) }
    }

    @Test("what a receiver with the secret takes is what is to be taken, and what is to be refused it refuses")
    func signatures() throws {
        let plan = try plan { ($0.badSignatures, $0.failures) = (30, 30) }
        let gate = WebhookGate(trusting: [try #require(WebhookSecret("mysecretkey"))], refusesReplays: true)
        for number in 0..<100 {
            let webhook = plan.webhook(number, at: .milliseconds(1_000_999))
            #expect(webhook.signature.hasPrefix("t=1000,v1="))
            let isTaken = (try? gate.admit(webhook.body, webhook.signature, at: .seconds(1000))) != nil
            #expect(isTaken == (webhook.intent != .refused))
        }
    }

    @Test("at a rate each has its time, reckoned from the start; without one all are due at once")
    func due() throws {
        let paced = try plan { $0.rate = 3 }
        #expect((0..<5).map { paced.due(ofNumber: $0).clampedMilliseconds } == [0, 333, 666, 1000, 1333])
        #expect(try plan { $0.rate = 1_000_000 }.due(ofNumber: .max) > .seconds(9_000_000_000_000))
        #expect(try plan().due(ofNumber: 1000) == .zero)
    }

    @Test("without a count and a duration one is sent, without a count as many as there is time for")
    func planned() {
        var simulation = WebhookSimulation()
        #expect(simulation.planned == 1)
        simulation.duration = .seconds(1)
        #expect(simulation.planned == nil)
        simulation.count = 5
        #expect(simulation.planned == 5)
    }

    @Test("there is no plan with an empty secret")
    func empty() {
        #expect(WebhookPlan(WebhookSimulation(), secret: "", seed: 1) == nil)
    }
}
