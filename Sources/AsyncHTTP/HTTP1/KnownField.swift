/// The fields that decide where a message ends, or whether it may be answered at all.
enum KnownField: UInt8, Sendable {
    case other, host, contentLength, transferEncoding, connection, expect

    /// Recognises a name in any case.
    ///
    /// The length and the first letter rule out nearly every other name before anything is compared.
    @inline(__always)
    init(_ bytes: RawSpan, _ name: Range<Int>) {
        let first = bytes.byte(at: name.lowerBound) | 0x20
        let (candidate, spelling): (KnownField, String) =
            switch (name.count, first) {
            case (4, UInt8(ascii: "h")): (.host, "host")
            case (6, UInt8(ascii: "e")): (.expect, "expect")
            case (10, UInt8(ascii: "c")): (.connection, "connection")
            case (14, UInt8(ascii: "c")): (.contentLength, "content-length")
            case (17, UInt8(ascii: "t")): (.transferEncoding, "transfer-encoding")
            default: (.other, "")
            }
        guard candidate != .other, bytes.equals(spelling, ignoringCaseAt: name) else {
            self = .other
            return
        }
        self = candidate
    }
}
