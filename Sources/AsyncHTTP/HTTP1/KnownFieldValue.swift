/// Judges the value of a field on which the message depends, byte by byte, so that a wrong one is refused
/// before its line is complete.
struct KnownFieldValue: Sendable {
    private enum Stage: UInt8 {
        case leading, inside, trailing
    }

    private let field: KnownField
    private var stage = Stage.leading
    private var count = 0
    private var authority = AuthorityRule()
    /// The number read so far, if the field is `Content-Length`.
    private(set) var number = 0

    init(_ field: KnownField) {
        self.field = field
    }

    /// Goes on at `start`; the answer is the offset of the CR that ends the value, or `end`.
    mutating func accept(_ bytes: RawSpan, from start: Int, to end: Int) throws(FieldError) -> Int {
        var offset = start
        while true {
            if stage == .inside { offset = authority.endOfName(bytes, from: offset, to: end) }
            guard offset < end else { return end }
            let byte = bytes.byte(at: offset)
            guard byte != .carriageReturn else { return offset }
            try accept(byte)
            offset &+= 1
        }
    }

    /// Takes one byte of the value; white space around it is not part of it (RFC 9112 section 5).
    private mutating func accept(_ byte: UInt8) throws(FieldError) {
        if byte.isWhitespace {
            if stage == .inside { stage = .trailing }
            return
        }
        if byte == .lineFeed { throw .bareLineFeed }
        if byte.isForbiddenInText { throw .invalidValue }
        if stage == .trailing { throw violation }
        stage = .inside
        switch field {
        case .contentLength: try acceptDigit(byte)
        case .transferEncoding: try acceptCoding(byte)
        case .expect: try acceptExpectation(byte)
        case .host: guard authority.accept(byte) else { throw .invalidHost }
        case .connection, .other: break
        }
    }

    /// Ends the value at its CR.
    func finish() throws(FieldError) {
        switch field {
        case .contentLength: guard stage != .leading else { throw .invalidContentLength }
        case .transferEncoding:
            guard stage != .leading else { throw .invalidTransferEncoding }
            guard count == 7 else { throw .unsupportedTransferCoding }
        case .expect: guard count == 12 else { throw .unsupportedExpectation }
        case .host: guard authority.isEmpty || authority.isComplete else { throw .invalidHost }
        case .connection, .other: break
        }
    }

    private var violation: FieldError {
        switch field {
        case .contentLength: .invalidContentLength
        case .transferEncoding: .invalidTransferEncoding
        case .expect: .unsupportedExpectation
        case .host: .invalidHost
        case .connection, .other: .invalidValue
        }
    }

    /// `Content-Length = 1*DIGIT`, and nothing that a lenient reader would take for a number (RFC 9112 section 6.3).
    private mutating func acceptDigit(_ byte: UInt8) throws(FieldError) {
        guard byte.isDigit else { throw .invalidContentLength }
        let (scaled, overflow) = number.multipliedReportingOverflow(by: 10)
        let (sum, carry) = scaled.addingReportingOverflow(Int(byte &- 0x30))
        guard !overflow, !carry else { throw .contentLengthOverflow }
        number = sum
    }

    /// `chunked`, in any case, once and alone (RFC 9112 sections 6.1 and 7).
    private mutating func acceptCoding(_ byte: UInt8) throws(FieldError) {
        guard matches(byte, "chunked") else {
            throw ByteSet.token.contains(byte) ? .unsupportedTransferCoding : .invalidTransferEncoding
        }
    }

    /// `100-continue`, in any case (RFC 9110 section 10.1.1).
    private mutating func acceptExpectation(_ byte: UInt8) throws(FieldError) {
        guard matches(byte, "100-continue") else { throw .unsupportedExpectation }
    }

    private mutating func matches(_ byte: UInt8, _ literal: String) -> Bool {
        let position = count
        count &+= 1
        return literal.utf8.dropFirst(position).first == byte.lowercased
    }
}
