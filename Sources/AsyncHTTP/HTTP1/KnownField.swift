/// The fields that decide where a message ends, or whether it may be answered at all.
enum KnownField: UInt8, Sendable {
    case other, host, contentLength, transferEncoding, connection, expect

    /// Recognises a name in any case.
    ///
    /// The length and the first letter rule out nearly every other name before anything is compared.
    @inline(__always)
    init(_ bytes: RawSpan, _ name: Range<Int>) {
        let first = bytes.byte(at: name.lowerBound) | 0x20
        self =
            switch (name.count, first) {
            case (4, UInt8(ascii: "h")) where bytes.equals("host", ignoringCaseAt: name): .host
            case (6, UInt8(ascii: "e")) where bytes.equals("expect", ignoringCaseAt: name): .expect
            case (10, UInt8(ascii: "c")) where bytes.equals("connection", ignoringCaseAt: name): .connection
            case (14, UInt8(ascii: "c")) where bytes.equals("content-length", ignoringCaseAt: name): .contentLength
            case (17, UInt8(ascii: "t")) where bytes.equals("transfer-encoding", ignoringCaseAt: name):
                .transferEncoding
            default: .other
            }
    }
}
