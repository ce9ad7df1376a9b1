import CZlib

/// Compression as HTTP's `gzip`: one member, and the same bytes for the same input (no time, no name in its header).
package enum Gzip {
    /// zlib's middle: the higher levels save a few bytes of a body of metrics and cost a multiple of the time.
    package static let defaultLevel: Int32 = 6

    /// `nil` if zlib cannot get its memory: the caller then sends the bytes as they are.
    package static func compress(_ input: [UInt8], level: Int32 = defaultLevel) -> [UInt8]? {
        guard let length = UInt32(exactly: input.count) else { return nil }
        var stream = unsafe z_stream()
        let windowBits: Int32 = 15 + 16  // 15: the largest window; 16: a gzip header and trailer instead of zlib's.
        let memoryLevel: Int32 = 8
        let size = unsafe Int32(MemoryLayout<z_stream>.size)
        guard
            unsafe deflateInit2_(
                &stream,
                level,
                Z_DEFLATED,
                windowBits,
                memoryLevel,
                Z_DEFAULT_STRATEGY,
                ZLIB_VERSION,
                size
            ) == Z_OK
        else { return nil }
        defer { unsafe deflateEnd(&stream) }
        let bound = unsafe Int(deflateBound(&stream, uLong(length)))
        var isComplete = false
        let output = unsafe input.withUnsafeBufferPointer { input in
            unsafe [UInt8](unsafeUninitializedCapacity: bound) { output, count in
                // zlib only reads through this pointer, which C cannot say without `z_const`.
                unsafe stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                unsafe stream.avail_in = length
                unsafe stream.next_out = output.baseAddress
                unsafe stream.avail_out = UInt32(truncatingIfNeeded: output.count)
                isComplete = unsafe deflate(&stream, Z_FINISH) == Z_STREAM_END
                count = unsafe output.count - Int(stream.avail_out)
            }
        }
        guard isComplete else { return nil }
        // The bound is as long as the input, and what is returned is kept.
        var body: [UInt8] = []
        body.reserveCapacity(output.count)
        body.append(contentsOf: output)
        return body
    }
}
