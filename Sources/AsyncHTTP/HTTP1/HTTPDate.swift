/// Writes the time as HTTP wants it: `Sun, 06 Nov 1994 08:49:37 GMT` (IMF-fixdate, RFC 9110 section 5.6.7).
package enum HTTPDate {
    /// The length of every date.
    package static let length = 29

    /// 9999-12-31T23:59:59Z, the last second that four digits can name.
    private static let lastSecond: Int64 = 253_402_300_799

    /// Writes the `length` bytes of the date into `output`, which must have room for them behind `start`.
    ///
    /// A time outside of 1970...9999 is moved to the nearer end.
    package static func write(unixSeconds: Int64, into output: inout MutableSpan<UInt8>, at start: Int = 0) {
        let seconds = Int(max(0, min(unixSeconds, lastSecond)))
        let (days, second) = seconds.quotientAndRemainder(dividingBy: 86_400)
        let date = CivilDate(daysSince1970: days)
        put("SunMonTueWedThuFriSat", 3 * ((days + 4) % 7), at: start, &output)
        output[start + 3] = UInt8(ascii: ",")
        output[start + 4] = .space
        put(date.day, digits: 2, at: start + 5, &output)
        output[start + 7] = .space
        put("JanFebMarAprMayJunJulAugSepOctNovDec", 3 * (date.month - 1), at: start + 8, &output)
        output[start + 11] = .space
        put(date.year, digits: 4, at: start + 12, &output)
        output[start + 16] = .space
        put(second / 3600, digits: 2, at: start + 17, &output)
        output[start + 19] = UInt8(ascii: ":")
        put(second / 60 % 60, digits: 2, at: start + 20, &output)
        output[start + 22] = UInt8(ascii: ":")
        put(second % 60, digits: 2, at: start + 23, &output)
        put(" GM", 0, at: start + 25, &output)
        output[start + 28] = UInt8(ascii: "T")
    }

    /// Writes three letters of `names`, beginning at `index`.
    private static func put(_ names: String, _ index: Int, at offset: Int, _ output: inout MutableSpan<UInt8>) {
        var offset = offset
        for byte in names.utf8.dropFirst(index).prefix(3) {
            output[offset] = byte
            offset += 1
        }
    }

    private static func put(_ number: Int, digits: Int, at offset: Int, _ output: inout MutableSpan<UInt8>) {
        var rest = number
        for index in stride(from: offset + digits - 1, through: offset, by: -1) {
            output[index] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }
}
