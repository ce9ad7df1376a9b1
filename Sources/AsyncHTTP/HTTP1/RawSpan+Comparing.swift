import Glibc

extension RawSpan {
    /// Whether these are the same bytes, compared by the C library, which takes 32 at once.
    package func equals(_ other: RawSpan) -> Bool {
        guard byteCount == other.byteCount else { return false }
        return unsafe withUnsafeBytes { bytes in
            unsafe other.withUnsafeBytes { other in
                guard let start = bytes.baseAddress, let otherStart = other.baseAddress else { return true }
                return unsafe memcmp(start, otherStart, other.count) == 0
            }
        }
    }

    package func equals(_ other: [UInt8]) -> Bool { unsafe equals(other.span.bytes) }
}

extension Span<UInt8> {
    /// Whether these are the same bytes.
    package func equals(_ other: Span<UInt8>) -> Bool { unsafe bytes.equals(other.bytes) }
}
