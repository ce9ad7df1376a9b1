/// What the fields of a head say about its message.
struct MessageFacts: Sendable {
    var contentLength: Int?
    var isChunked = false
    var hasHost = false
    var expectsContinue = false
    var wantsClose = false
    var wantsKeepAlive = false

    /// Reads the options of one `Connection` field: a list whose elements may be empty (RFC 9110 sections 5.6.1, 7.6.1).
    mutating func readConnection(_ bytes: RawSpan, _ value: Range<Int>) {
        var start = value.lowerBound
        var offset = start
        while offset <= value.upperBound {
            if offset == value.upperBound || bytes.byte(at: offset) == UInt8(ascii: ",") {
                let option = bytes.trimmingWhitespace(start..<offset)
                if bytes.equals("close", ignoringCaseAt: option) { wantsClose = true }
                if bytes.equals("keep-alive", ignoringCaseAt: option) { wantsKeepAlive = true }
                start = offset &+ 1
            }
            offset &+= 1
        }
    }

    /// Whether the connection outlives the message: `close` beats everything, 1.0 has to be asked (RFC 9112 section 9.3).
    func keepsAlive(_ version: HTTPVersion) -> Bool {
        guard !wantsClose else { return false }
        return version == .http11 || wantsKeepAlive
    }
}

extension RawSpan {
    /// `range` without the white space at its ends.
    func trimmingWhitespace(_ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, byte(at: start).isWhitespace { start &+= 1 }
        while end > start, byte(at: end &- 1).isWhitespace { end &-= 1 }
        return start..<end
    }
}
