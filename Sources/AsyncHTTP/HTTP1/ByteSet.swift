/// A set of ASCII bytes in two words, so that asking costs a shift and no memory.
///
/// Bytes from 0x80 on are never members. The words are spelled out because a computed global would be
/// initialised behind a lock; a test compares each with its definition.
struct ByteSet {
    private let low: UInt64
    private let high: UInt64

    @inline(__always)
    func contains(_ byte: UInt8) -> Bool {
        guard byte < 0x80 else { return false }
        return (byte < 64 ? low : high) &>> UInt64(byte & 63) & 1 != 0
    }

    /// What a method and a field name are made of: `token` (RFC 9110 section 5.6.2).
    static let token = ByteSet(low: 0x03FF_6CFA_0000_0000, high: 0x57FF_FFFF_C7FF_FFFE)

    /// `pchar` without `%`, and `/` (RFC 3986 section 3.3).
    static let path = ByteSet(low: 0x2FFF_FFD2_0000_0000, high: 0x47FF_FFFE_87FF_FFFF)

    /// `path`, `?` (RFC 3986 section 3.4), and the brackets that clients leave bare in `collect[]=`.
    static let query = ByteSet(low: 0xAFFF_FFD2_0000_0000, high: 0x47FF_FFFE_AFFF_FFFF)

    /// `reg-name` without `%` (RFC 3986 section 3.2.2).
    static let registeredName = ByteSet(low: 0x2BFF_7FD2_0000_0000, high: 0x47FF_FFFE_87FF_FFFE)
}

extension UInt8 {
    static let tab: UInt8 = 0x09
    static let lineFeed: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D
    static let space: UInt8 = 0x20

    var isDigit: Bool { self &- 0x30 < 10 }

    /// The value of a hexadecimal digit, upper or lower case.
    var hexValue: UInt8? {
        if isDigit { return self &- 0x30 }
        let letter = self | 0x20
        return letter &- 0x61 < 6 ? letter &- 0x61 &+ 10 : nil
    }

    /// Optional white space (RFC 9110 section 5.6.3).
    var isWhitespace: Bool { self == .space || self == .tab }

    /// Anything that may not stand in a field value: controls other than HTAB, and DEL (RFC 9110 section 5.5).
    var isForbiddenInText: Bool { (self < 0x20 && self != .tab) || self == 0x7F }

    /// The byte in lower case if it is an ASCII capital.
    var lowercased: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }
}
