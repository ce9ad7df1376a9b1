import Glibc

extension RawSpan {
    /// Whether these are the same bytes, compared by the C library, which takes 32 at once.
    package func equals(_ other: [UInt8]) -> Bool {
        guard byteCount == other.count else { return false }
        return unsafe withUnsafeBytes { bytes in
            unsafe other.withUnsafeBytes { other in
                guard let start = bytes.baseAddress, let otherStart = other.baseAddress else { return true }
                return unsafe memcmp(start, otherStart, other.count) == 0
            }
        }
    }
}
