/// A number of bytes, with its unit said where it is written.
public struct ByteCount: Sendable, Hashable, Comparable {
    /// The number itself, for whoever counts.
    public let bytes: Int

    /// So many bytes; may be 0.
    public static func bytes(_ count: Int) -> ByteCount { ByteCount(bytes: count) }
    /// So many times 1024 bytes.
    public static func kibibytes(_ count: Int) -> ByteCount { ByteCount(bytes: count * 1024) }
    /// So many times 1024 × 1024 bytes.
    public static func mebibytes(_ count: Int) -> ByteCount { ByteCount(bytes: count * 1024 * 1024) }

    /// Whether the left one is the smaller number of bytes.
    public static func < (left: ByteCount, right: ByteCount) -> Bool { left.bytes < right.bytes }
}
