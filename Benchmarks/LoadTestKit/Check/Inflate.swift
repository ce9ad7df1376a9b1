import AsyncHTTP
import CZlib

/// Decompression of HTTP's `gzip`.
enum Inflate {
    /// - Parameter limit: what a small answer may grow to.
    /// - Returns: nil when it is no whole gzip member, or holds more than that.
    static func gzip(_ input: [UInt8], limit: ByteCount = .mebibytes(64)) -> [UInt8]? {
        var stream = unsafe z_stream()
        let windowBits: Int32 = 15 + 16  // 15: the largest window; 16: gzip.
        let size = unsafe Int32(MemoryLayout<z_stream>.size)
        guard let length = UInt32(exactly: input.count),
            unsafe inflateInit2_(&stream, windowBits, ZLIB_VERSION, size) == Z_OK
        else { return nil }
        defer { unsafe inflateEnd(&stream) }
        // zlib only reads through this pointer, which C cannot say without `z_const`.
        var input = input
        return unsafe input.withUnsafeMutableBufferPointer { input -> [UInt8]? in
            unsafe stream.next_in = input.baseAddress
            unsafe stream.avail_in = length
            var output: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 1 << 15)
            while output.count <= limit.bytes {
                let code = unsafe chunk.withUnsafeMutableBufferPointer { chunk in
                    unsafe stream.next_out = chunk.baseAddress
                    unsafe stream.avail_out = UInt32(truncatingIfNeeded: chunk.count)
                    return unsafe inflate(&stream, Z_NO_FLUSH)
                }
                output += unsafe chunk.prefix(chunk.count - Int(stream.avail_out))
                if code == Z_STREAM_END {
                    return unsafe stream.avail_in == 0 && output.count <= limit.bytes ? output : nil
                }
                guard code == Z_OK else { return nil }
            }
            return nil
        }
    }
}
