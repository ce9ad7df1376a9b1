import Testing

@testable import AsyncHTTP

/// What a peer sends, and what it is to get for it: over a socket or in memory, whole or in pieces.
struct WireCase: Sendable, CustomTestStringConvertible {
    /// How the server takes it.
    enum End: Sendable {
        /// It goes on with the next request.
        case kept
        /// It closes, and nothing that stands behind is answered.
        case closed
        /// It breaks off, so that half an answer does not look like a whole one.
        case reset
        /// It waits for more, and closes without a word when nothing comes.
        case waits
    }

    let sent: [UInt8]
    let answers: [WireAnswer]
    let end: End
    /// What hangs is to fail within seconds, and what is slow is not.
    private(set) var limits = serverLimits {
        ($0.headerTimeout, $0.bodyTimeout, $0.idleTimeout) = (.seconds(10), .seconds(10), .seconds(10))
        ($0.writeTimeout, $0.lingerTimeout) = (.seconds(10), .seconds(10))
    }

    init(_ sent: [UInt8], _ answers: [WireAnswer], _ end: End) {
        self.sent = sent
        self.answers = answers
        self.end = end
    }

    init(_ sent: String, _ answers: [WireAnswer], _ end: End) {
        self.init(Array(sent.utf8), answers, end)
    }

    /// The same, at a server with other limits.
    func limited(_ change: (inout ServerLimits) -> Void) -> WireCase {
        var other = self
        change(&other.limits)
        return other
    }

    /// Into which pieces a body is cut shows in the answer.
    var showsPieces: Bool { String(decoding: sent, as: UTF8.self).contains("/echo-stream") }

    var testDescription: String { String(decoding: sent.prefix(100), as: UTF8.self).debugDescription }
}

/// What is expected of one answer.
struct WireAnswer: Sendable, ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
    let status: Int
    /// Nil when it does not matter.
    var body: String?
    /// It is one to `HEAD`.
    var isHead = false

    init(integerLiteral status: Int) {
        self.status = status
    }

    init(stringLiteral body: String) {
        self.init(body)
    }

    /// A 200 with a body.
    init(_ body: String) {
        (status, self.body) = (200, body)
    }

    static let ok = WireAnswer("OK\n")

    static func head(_ status: Int) -> WireAnswer {
        var answer = WireAnswer(integerLiteral: status)
        answer.isHead = true
        return answer
    }
}

/// A case with or without something behind it, and how the peer ends.
struct WireScript: Sendable {
    let bytes: [UInt8]
    let answers: [WireAnswer]
    /// The peer says that it has finished; otherwise it waits until the server has closed.
    let finishes: Bool
    let isReset: Bool

    private static let probe = Array(get("/probe", "Connection: close").utf8)

    /// The case alone, then with a request behind it, which is answered only if the connection was kept.
    static func scripts(of wire: WireCase) -> [WireScript] {
        let (sent, isReset) = (wire.sent, wire.end == .reset)
        let alone = WireScript(bytes: sent, answers: wire.answers, finishes: true, isReset: isReset)
        if wire.end == .waits { return [alone] }
        let answers = wire.answers + (wire.end == .kept ? [.ok] : [])
        return [alone, WireScript(bytes: sent + probe, answers: answers, finishes: false, isReset: isReset)]
    }
}

/// What a peer has seen of a script.
struct WireVerdict: Equatable, CustomStringConvertible {
    private let answers: [RawAnswer]
    private let bytes: [UInt8]
    private let rest: [UInt8]
    private let isReset: Bool

    init(_ received: [UInt8], isReset: Bool, to script: WireScript) {
        let taken = RawAnswers(received, heads: Set(script.answers.indices.filter { script.answers[$0].isHead }))
        (answers, bytes, rest, self.isReset) = (taken.answers, taken.bytes, taken.rest, isReset)
    }

    var description: String {
        "\(answers.map { "\($0.status) \($0.text.prefix(60).debugDescription)" })"
            + " \(String(decoding: rest, as: UTF8.self).debugDescription) \(isReset ? "reset" : "closed")"
    }

    /// Whether that is what was promised.
    func keeps(_ script: WireScript) -> Bool {
        guard isReset == script.isReset else { return false }
        // A reset may overtake what was sent before it.
        let promised = script.answers.prefix(isReset ? answers.count : script.answers.count)
        guard promised.count == answers.count, isReset || rest.isEmpty else { return false }
        for (promise, answer) in zip(promised, answers) {
            guard promise.status == answer.status, promise.body.map({ $0 == answer.text }) ?? true else { return false }
        }
        return script.isReset || answers.allSatisfy(Self.isInOrder)
    }

    /// Who is refused is told why, and that the connection closes.
    private static func isInOrder(_ answer: RawAnswer) -> Bool {
        let date = answer["date"].flatMap(IMFDate.init)
        guard let date, date.distance <= 60 else { return false }
        return answer.status < 400
            || answer["connection"] == "close" && answer["content-type"] == "text/plain; charset=utf-8"
    }

    /// Whether it is the same as another, whose bytes were the same unless they show what they may show.
    func equals(_ other: WireVerdict, showingPieces: Bool) -> Bool {
        if isReset || other.isReset { return isReset == other.isReset }
        let isSame = answers.map(\.comparable) == other.answers.map(\.comparable) && rest == other.rest
        return isSame && (showingPieces || bytes == other.bytes)
    }
}

extension RawAnswer {
    /// Without what changes from second to second.
    fileprivate var comparable: RawAnswer {
        var answer = self
        answer.fields["date"] = nil
        return answer
    }
}
