import AsyncHTTP
import Telemetry

/// Says of bodies whether they are what they should be.
///
/// Servers that answer from memory send the same bytes many times. So a body that equals the last valid one is valid, and
/// only others are inflated and parsed.
final class BodyJudge {
    private let validation: Validation
    private var lastValid: [UInt8] = []
    private var lastFacts = BodyFacts()
    /// How many bodies were looked at more closely than by comparing them.
    private(set) var closeLooks = 0

    init(_ validation: Validation) {
        self.validation = validation
    }

    /// Whether a coding that nobody can read here would be an error.
    var wantsKnownCoding: Bool { validation != .status }

    /// Whether `judge` is to see the body; otherwise its end is enough.
    func wantsWhole(_ facts: BodyFacts) -> Bool {
        switch validation {
        case .status, .length: false
        case .newline: facts.isGzip
        case .parse: true
        }
    }

    func judge(count: Int, lastByte: UInt8) throws(LoadFailure) {
        if validation == .status { return }
        guard count > 0 else { throw LoadFailure(.body, "it is empty") }
        guard validation == .length || lastByte == UInt8(ascii: "\n") else { throw .noNewline }
    }

    func judge(_ body: RawSpan, _ facts: BodyFacts) throws(LoadFailure) {
        if facts == lastFacts, !lastValid.isEmpty, body.equals(lastValid) { return }
        closeLooks += 1
        let bytes = body.array(0..<body.byteCount)
        var text = bytes
        if facts.isGzip {
            guard let inflated = Inflate.gzip(bytes) else { throw LoadFailure(.body, "it is no gzip") }
            text = inflated
        }
        guard let last = text.last else { throw LoadFailure(.body, "it is empty") }
        guard last == UInt8(ascii: "\n") else { throw .noNewline }
        if validation == .parse {
            do throws(ExpositionCheck.Problem) {
                try ExpositionCheck.check(text, isOpenMetrics: facts.isOpenMetrics)
            } catch {
                throw LoadFailure(.body, "\(error)")
            }
        }
        (lastValid, lastFacts) = (bytes, facts)
    }
}

extension LoadFailure {
    fileprivate static var noNewline: LoadFailure {
        LoadFailure(.body, "its last byte is no newline (--validate=length for pages that are no metrics)")
    }
}
