import Testing

@testable import WebhookChecks
@testable import Webhooks

@Suite("Who may send webhooks")
struct WebhookGateTests {
    private let body = Array(#"{"event":"ticket_created"}"#.utf8)
    private let ours: WebhookSecret
    private let theirs: WebhookSecret

    init() throws {
        ours = try #require(WebhookSecret("mysecretkey"))
        theirs = try #require(WebhookSecret("anotherkey"))
    }

    private func header(_ secret: WebhookSecret, at time: Int64 = 1000) -> String {
        WebhookSignature(signing: body, at: time, with: secret).fieldValue
    }

    private func refusal(
        _ gate: WebhookGate,
        _ body: [UInt8],
        _ header: String?,
        at now: Duration = .seconds(1000)
    ) -> WebhookRefusal? {
        do throws(WebhookRefusal) {
            _ = try gate.admit(body, header, at: now)
            return nil
        } catch {
            return error
        }
    }

    @Test("what was signed with the secret is let in; what was not, changed or left out is told apart")
    func reasons() {
        let gate = WebhookGate(trusting: [ours])
        #expect(refusal(gate, body, header(ours)) == nil)
        #expect(refusal(gate, body, header(theirs)) == .wrong)
        #expect(refusal(gate, body + [0x20], header(ours)) == .wrong)
        #expect(refusal(gate, [], header(ours)) == .wrong)
        // The time is signed, too.
        let later = header(ours).replacing("t=1000", with: "t=1001")
        #expect(refusal(gate, body, later) == .wrong)
        #expect(refusal(gate, body, nil) == .missing)
        #expect(refusal(gate, body, "") == .malformed)
        #expect(refusal(gate, body, "sha256=abc") == .malformed)
        #expect(refusal(gate, [], WebhookSignature(signing: [], at: 1000, with: ours).fieldValue) == nil)
    }

    @Test(
        "the window's bounds belong to it, on both sides, whatever the part of a second",
        arguments: [
            (.seconds(1000), true), (.seconds(1030), true), (.milliseconds(1_030_999), true), (.seconds(1031), false),
            (.seconds(970), true), (.milliseconds(969_999), false), (.seconds(969), false), (.seconds(0), false),
            (.seconds(Int64.max), false), (.seconds(Int64.min), false),
        ] as [(Duration, Bool)]
    )
    func window(now: Duration, isInside: Bool) {
        let gate = WebhookGate(trusting: [ours], refusesReplays: true)
        #expect(refusal(gate, body, header(ours), at: now) == (isInside ? nil : .outsideWindow))
    }

    @Test("another window is a limit like any other, and the widest one traps nowhere")
    func otherWindow() {
        var limits = WebhookLimits()
        limits.window = .zero
        let narrow = WebhookGate(trusting: [ours], limits: limits)
        #expect(refusal(narrow, body, header(ours)) == nil)
        #expect(refusal(narrow, body, header(ours), at: .seconds(1001)) == .outsideWindow)
        limits.window = .seconds(Int64.max)
        let wide = WebhookGate(trusting: [ours], refusesReplays: true, limits: limits)
        #expect(refusal(wide, body, header(ours)) == nil)
        #expect(refusal(wide, body, header(ours), at: .seconds(-5)) == .replayed)
        #expect(refusal(wide, body, header(ours), at: .seconds(Int64.min)) == .outsideWindow)
    }

    @Test("while a secret is changed both are good: of the receiver, and in one header of the sender")
    func rotation() {
        let both = WebhookGate(trusting: [theirs, ours])
        #expect(refusal(both, body, header(ours)) == nil)
        #expect(refusal(both, body, header(theirs)) == nil)
        let two = header(theirs) + "," + header(ours).dropFirst("t=1000,".count)
        #expect(refusal(WebhookGate(trusting: [ours]), body, two) == nil)
        #expect(refusal(WebhookGate(trusting: [theirs]), body, two) == nil)
        let twice = header(ours) + "," + header(ours).dropFirst("t=1000,".count)
        #expect(refusal(both, body, twice) == nil)
        both.trust([ours])
        #expect(refusal(both, body, header(theirs)) == .wrong)
        #expect(refusal(both, body, header(ours)) == nil)
    }

    @Test("without a secret nothing is let in")
    func secretless() {
        #expect(refusal(WebhookGate(trusting: []), body, header(ours)) == .wrong)
        #expect(WebhookSecret("") == nil)
    }

    @Test("the same webhook is let in twice, unless replays are refused")
    func replays() {
        let open = WebhookGate(trusting: [ours])
        let strict = WebhookGate(trusting: [ours, theirs], refusesReplays: true)
        for gate in [open, strict] { #expect(refusal(gate, body, header(ours)) == nil) }
        #expect(refusal(open, body, header(ours)) == nil)
        #expect(refusal(strict, body, header(ours)) == .replayed)
        #expect(refusal(strict, body, header(ours), at: .seconds(1030)) == .replayed)
        // Written otherwise, and signed with another secret, it is the same.
        #expect(refusal(strict, body, "v9=1, " + header(ours)) == .replayed)
        #expect(refusal(strict, body, header(theirs)) == .replayed)
        strict.trust([theirs])
        #expect(refusal(strict, body, header(theirs)) == .replayed)
        #expect(refusal(strict, body, header(theirs, at: 1001)) == nil)
    }

    @Test("one that was taken back may come again, once")
    func takenBack() throws {
        let gate = WebhookGate(trusting: [ours], refusesReplays: true)
        let admission = try gate.admit(body, header(ours), at: .seconds(1000))
        #expect(refusal(gate, body, header(ours)) == .replayed)
        gate.takeBack(admission)
        gate.takeBack(admission)
        #expect(refusal(gate, body, header(ours)) == nil)
        #expect(refusal(gate, body, header(ours)) == .replayed)
    }

    @Test("one that was refused is not remembered")
    func refusedIsNotRemembered() {
        let gate = WebhookGate(trusting: [ours], refusesReplays: true)
        #expect(refusal(gate, body, header(theirs)) == .wrong)
        #expect(refusal(gate, body, header(ours), at: .seconds(2000)) == .outsideWindow)
        #expect(refusal(gate, body, header(ours)) == nil)
    }

    @Test("a memory that is full refuses what is new and says so, knows what it has, and has room when that is old")
    func full() throws {
        var limits = WebhookLimits()
        limits.remembered = 2
        let gate = WebhookGate(trusting: [ours], refusesReplays: true, limits: limits)
        let first = try gate.admit(body, header(ours, at: 1000), at: .seconds(1000))
        #expect(refusal(gate, body, header(ours, at: 1005)) == nil)
        #expect(refusal(gate, body, header(ours, at: 1006)) == .memoryFull)
        #expect(refusal(gate, body, header(ours, at: 1005)) == .replayed)
        gate.takeBack(first)
        #expect(refusal(gate, body, header(ours, at: 1006)) == nil)
        #expect(refusal(gate, body, header(ours, at: 1007), at: .seconds(1035)) == .memoryFull)
        #expect(refusal(gate, body, header(ours, at: 1007), at: .seconds(1036)) == nil)
    }

    @Test("a secret and what it made are shown nowhere")
    func silent() {
        var dumped = ""
        dump(ours, to: &dumped)
        for text in ["\(ours)", String(reflecting: ours), dumped] + WebhookRefusal.allCases.map(\.description) {
            #expect(!text.contains("mysecret"))
            #expect(!text.isEmpty)
        }
        #expect(Set(WebhookRefusal.allCases.map(\.description)).count == WebhookRefusal.allCases.count)
    }

    @Test("of many threads with the same webhook one gets through")
    func threads() async {
        let gate = WebhookGate(trusting: [ours], refusesReplays: true)
        let (body, header) = (body, header(ours))
        let admitted = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<32 {
                group.addTask { (try? gate.admit(body, header, at: .seconds(1000))) != nil }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(admitted == 1)
    }
}
