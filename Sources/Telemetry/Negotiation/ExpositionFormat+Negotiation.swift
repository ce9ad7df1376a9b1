extension ExpositionFormat {
    /// The format for an `Accept` value: the one with the highest weight, among equals the one that is named first.
    ///
    /// Each format has the weight of the most specific range that matches it (RFC 9110 section 12.5.1). Never fails: a range
    /// that cannot be read is passed over, and when nothing is left, text 0.0.4 is what everything can read.
    public static func negotiate(accept value: borrowing Span<UInt8>) -> ExpositionFormat {
        var bids = Bids()
        var index = 0
        var order = 0
        while let element = HeaderScanner.nextElement(of: value, from: &index) {
            if let range = MediaRange(element, of: value) { bids.take(range, order: order) }
            order += 1
        }
        return bids.winner
    }

    /// The same for bytes in an array.
    public static func negotiate(accept value: [UInt8]) -> ExpositionFormat {
        negotiate(accept: value.span)
    }

    /// The same for a string.
    public static func negotiate(accept value: String) -> ExpositionFormat {
        negotiate(accept: Array(value.utf8).span)
    }
}

/// One element of `Accept`, as far as it can concern us.
private struct MediaRange {
    enum Subject {
        case any
        case anyText
        case text
        case openMetrics
    }

    enum Version {
        case unspecified
        case v001
        case v004
        case v100
        case other
    }

    let subject: Subject
    private(set) var version = Version.unspecified
    private(set) var escaping = NameEscaping.underscores
    private(set) var weight = HeaderScanner.fullWeight

    /// `nil` if it names something else or has a weight that cannot be read. Of a repeated parameter the first counts.
    init?(_ element: Range<Int>, of value: borrowing Span<UInt8>) {
        var position = element.lowerBound
        guard let type = HeaderScanner.nextPart(of: value, in: element, from: &position) else { return nil }
        if HeaderScanner.matches(type, of: value, "*/*") {
            subject = .any
        } else if HeaderScanner.matches(type, of: value, "text/*") {
            subject = .anyText
        } else if HeaderScanner.matches(type, of: value, "text/plain") {
            subject = .text
        } else if HeaderScanner.matches(type, of: value, "application/openmetrics-text") {
            subject = .openMetrics
        } else {
            return nil
        }
        var hasVersion = false
        var hasEscaping = false
        var hasWeight = false
        while let part = HeaderScanner.nextPart(of: value, in: element, from: &position) {
            guard let (name, content) = HeaderScanner.parameter(part, of: value) else { continue }
            if !hasWeight, HeaderScanner.matches(name, of: value, "q") {
                guard let weight = HeaderScanner.weight(content, of: value) else { return nil }
                self.weight = weight
                hasWeight = true
            } else if !hasVersion, HeaderScanner.matches(name, of: value, "version") {
                version = Self.version(content, of: value)
                hasVersion = true
            } else if !hasEscaping, HeaderScanner.matches(name, of: value, "escaping") {
                escaping = Self.escaping(content, of: value)
                hasEscaping = true
            }
        }
    }

    private static func version(_ range: Range<Int>, of value: borrowing Span<UInt8>) -> Version {
        if HeaderScanner.matches(range, of: value, "0.0.1") { return .v001 }
        if HeaderScanner.matches(range, of: value, "0.0.4") { return .v004 }
        if HeaderScanner.matches(range, of: value, "1.0.0") { return .v100 }
        return .other
    }

    private static func escaping(_ range: Range<Int>, of value: borrowing Span<UInt8>) -> NameEscaping {
        if HeaderScanner.matches(range, of: value, "allow-utf-8") { return .allowUTF8 }
        if HeaderScanner.matches(range, of: value, "values") { return .values }
        return .underscores
    }
}

/// What each format has been offered so far.
private struct Bids {
    private struct Bid {
        let weight: HeaderScanner.Weight
        let specificity: Int
        let order: Int
    }

    private var text004: Bid?
    private var text100: Bid?
    private var openMetrics100: Bid?
    private var openMetrics001: Bid?
    private var escaping = NameEscaping.underscores

    mutating func take(_ range: MediaRange, order: Int) {
        let isVersioned = range.version != .unspecified
        let specificity =
            switch range.subject {
            case .any: 0
            case .anyText: 1
            case .text, .openMetrics: isVersioned ? 3 : 2
            }
        let bid = Bid(weight: range.weight, specificity: specificity, order: order)
        let isText = range.subject != .openMetrics
        let isOpenMetrics = range.subject == .openMetrics || range.subject == .any
        if isText, !isVersioned || range.version == .v004 { Self.raise(&text004, to: bid) }
        if isText, !isVersioned || range.version == .v100, Self.raise(&text100, to: bid) { escaping = range.escaping }
        if isOpenMetrics, !isVersioned || range.version == .v100 { Self.raise(&openMetrics100, to: bid) }
        if isOpenMetrics, !isVersioned || range.version == .v001 { Self.raise(&openMetrics001, to: bid) }
    }

    /// A more specific range speaks for the format; of equally specific ones the first.
    @discardableResult
    private static func raise(_ current: inout Bid?, to bid: Bid) -> Bool {
        if let current, current.specificity >= bid.specificity { return false }
        current = bid
        return true
    }

    /// Among equals, what comes first in the header; within one range, the order in which they stand here.
    var winner: ExpositionFormat {
        let candidates: [(Bid?, ExpositionFormat)] = [
            (text004, .text004), (openMetrics100, .openMetrics100), (openMetrics001, .openMetrics001),
            (text100, .text100(escaping)),
        ]
        var best: Bid?
        var winner = ExpositionFormat.text004
        for case (let bid?, let format) in candidates where bid.weight > 0 {
            if let best, (best.weight, -best.order) >= (bid.weight, -bid.order) { continue }
            best = bid
            winner = format
        }
        return winner
    }
}
