import AsyncHTTP

/// Takes answers apart as their bytes arrive, in any pieces, and judges them. It copies a body only when the whole is to be
/// looked at and came in several pieces.
struct AnswerReader {
    /// Of a body that is judged as a whole, so that a server without end fills no memory.
    static let longestHeld = ByteCount.mebibytes(64)

    private enum Phase {
        case head
        case length(left: Int)
        case chunked(ChunkedDecoder)
        case untilClose
    }

    private let limits = ResponseLimits()
    private let judge: BodyJudge
    private let method: HTTPMethod
    private var phase = Phase.head
    private var parser: ResponseParser
    /// Of a head that came in pieces; of a body that is judged as a whole.
    private var held: [UInt8] = []
    private var status = 0
    private var facts = BodyFacts()
    private var bodyCount = 0
    private var lastByte: UInt8 = 0
    /// Something of the answer under way has come.
    private(set) var hasBegun = false
    /// Whether the connection may carry another exchange after this answer.
    private(set) var keepsAlive = true

    /// - Parameter method: that of the requests, which decides whether a body follows.
    init(_ judge: BodyJudge, to method: HTTPMethod = .get) {
        self.judge = judge
        self.method = method
        parser = ResponseParser(limits: limits, requestMethod: method)
    }

    /// Forgets what has come, for a new connection.
    mutating func reset() {
        parser = ResponseParser(limits: limits, requestMethod: method)
        begin()
        keepsAlive = true
    }

    private mutating func begin() {
        phase = .head
        held = []
        hasBegun = false
    }

    /// - Returns: true when this was the end of an answer, a valid one. After an error the connection is of no use, unless
    ///   `isBetweenAnswers`.
    mutating func take(_ bytes: RawSpan) throws(LoadFailure) -> Bool {
        var position = 0
        if case .head = phase {
            hasBegun = true
            guard let consumed = try takeHead(bytes) else { return false }
            position = consumed
        }
        return try takeBody(bytes, from: position)
    }

    /// The answer is over and all of it has been read, although it may not have been a good one.
    var isBetweenAnswers: Bool { !hasBegun }

    /// The server has closed the connection.
    mutating func end() throws(LoadFailure) {
        guard case .untilClose = phase else {
            guard hasBegun else { throw LoadFailure(.closed, "the server closed the connection before it answered") }
            throw LoadFailure(.length, "the server closed the connection in the middle of its answer")
        }
        try finish()
    }

    // MARK: Heads

    /// - Returns: how many of the bytes belonged to heads; nil when the last of them is incomplete.
    private mutating func takeHead(_ bytes: RawSpan) throws(LoadFailure) -> Int? {
        var position = 0
        while true {
            let before = held.count
            let step: ResponseParser.Step
            do throws(ResponseError) {
                if before == 0 {
                    step = try parser.parse(bytes.extracting(position..<bytes.byteCount))
                } else {
                    held += bytes.array(position..<bytes.byteCount)
                    let received = held
                    step = unsafe try parser.parse(received.span.bytes)
                }
            } catch {
                throw LoadFailure(.malformed, error.reason)
            }
            guard case .complete(let head, let consumed) = step else {
                if before == 0 { held = bytes.array(position..<bytes.byteCount) }
                return nil
            }
            position += consumed - before
            held = []
            if head.isInformational { continue }
            try begin(head)
            return position
        }
    }

    private mutating func begin(_ head: ResponseHead) throws(LoadFailure) {
        status = head.status
        keepsAlive = head.keepAlive
        facts = BodyFacts()
        bodyCount = 0
        lastByte = 0
        if let coding = head.fields["Content-Encoding"]?.lowercased(), coding != "identity" {
            // Not which: it is the server's word, which could repeat one of ours that is not to be seen.
            guard coding == "gzip" || !judge.wantsKnownCoding else {
                throw LoadFailure(.body, "its coding is neither gzip nor identity (--no-gzip)")
            }
            facts.isGzip = coding == "gzip"
        }
        if let type = head.fields["Content-Type"] { facts.isOpenMetrics = type.hasPrefix("application/openmetrics") }
        phase =
            switch head.framing {
            case .none: .length(left: 0)
            case .length(let length): .length(left: length)
            case .chunked: .chunked(ChunkedDecoder(limits: ChunkLimits()))
            case .untilClose: .untilClose
            }
    }

    // MARK: Bodies

    private mutating func takeBody(_ bytes: RawSpan, from start: Int) throws(LoadFailure) -> Bool {
        let piece = bytes.extracting(start..<bytes.byteCount)
        switch phase {
        case .head: return false
        case .length(let left):
            guard piece.byteCount <= left else { throw LoadFailure(.malformed, "more came than was announced") }
            phase = .length(left: left - piece.byteCount)
            let isLast = piece.byteCount == left
            if isLast, bodyCount == 0, judge.wantsWhole(facts), isGood {
                try finish(whole: piece)
                return true
            }
            try add(piece)
            if isLast { try finish() }
            return isLast
        case .chunked(let decoder): return try takeChunks(piece, decoder)
        case .untilClose:
            try add(piece)
            return false
        }
    }

    private mutating func takeChunks(_ bytes: RawSpan, _ decoder: ChunkedDecoder) throws(LoadFailure) -> Bool {
        var (decoder, position) = (decoder, 0)
        while position < bytes.byteCount {
            let rest = bytes.extracting(position..<bytes.byteCount)
            let step: ChunkedDecoder.Step
            do throws(FramingError) { step = try decoder.decode(rest) } catch {
                throw LoadFailure(.malformed, "\(error)")
            }
            switch step {
            case .needMore(let consumed): position += consumed
            case .data(let range, let consumed):
                try add(rest.extracting(range))
                position += consumed
            case .end(let consumed):
                guard position + consumed == bytes.byteCount else {
                    throw LoadFailure(.malformed, "more came than was announced")
                }
                try finish()
                return true
            }
        }
        phase = .chunked(decoder)
        return false
    }

    private var isGood: Bool { (200..<300).contains(status) }

    private mutating func add(_ piece: RawSpan) throws(LoadFailure) {
        guard piece.byteCount > 0 else { return }
        bodyCount += piece.byteCount
        lastByte = piece.byte(at: piece.byteCount - 1)
        guard judge.wantsWhole(facts), isGood else { return }
        guard bodyCount <= Self.longestHeld.bytes else {
            throw LoadFailure(.body, "it is longer than 64 MiB (--validate=length takes it)")
        }
        held += piece.array(0..<piece.byteCount)
    }

    private mutating func finish() throws(LoadFailure) {
        let body = held
        begin()
        guard isGood else { throw LoadFailure(.status, "\(status)") }
        if judge.wantsWhole(facts) {
            unsafe try judge.judge(body.span.bytes, facts)
        } else {
            try judge.judge(count: bodyCount, lastByte: lastByte)
        }
    }

    private mutating func finish(whole body: RawSpan) throws(LoadFailure) {
        begin()
        try judge.judge(body, facts)
    }
}
