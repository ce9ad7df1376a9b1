extension RequestTarget {
    /// The path as a router should compare it: every escape decoded (RFC 3986 section 2.4) except `%2F`, which stays
    /// (in capitals) because decoded it would be a separator that the sender did not write.
    ///
    /// Decoding happens once: `%252F` gives the text `%2F`. The bytes may be anything but NUL, CR and LF included.
    public var decodedPathBytes: [UInt8] {
        withPath { path in
            var decoded: [UInt8] = []
            decoded.reserveCapacity(path.count)
            var index = 0
            while index < path.count {
                let byte = path[index]
                index &+= 1
                guard byte == UInt8(ascii: "%"), path.count &- index >= 2,
                    let high = path[index].hexValue, let low = path[index &+ 1].hexValue
                else {
                    decoded.append(byte)
                    continue
                }
                index &+= 2
                let value = high << 4 | low
                if value == UInt8(ascii: "/") {
                    decoded.append(contentsOf: "%2F".utf8)
                } else {
                    decoded.append(value)
                }
            }
            return decoded
        }
    }

    /// `decodedPathBytes` as text, with U+FFFD where they are not UTF-8.
    public var decodedPath: String {
        hasEscapes ? String(decoding: decodedPathBytes, as: UTF8.self) : path
    }
}
