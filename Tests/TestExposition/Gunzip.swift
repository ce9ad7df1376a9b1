import CZlib

/// What a client makes of a gzip body; `nil` if it is not exactly one member.
package func gunzip(_ body: [UInt8], limit: Int) -> [UInt8]? {
    var stream = unsafe z_stream()
    guard unsafe inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
        return nil
    }
    defer { unsafe inflateEnd(&stream) }
    var body = body
    return unsafe body.withUnsafeMutableBufferPointer { body in
        var isComplete = false
        let output = unsafe [UInt8](unsafeUninitializedCapacity: limit) { output, count in
            unsafe stream.next_in = body.baseAddress
            unsafe stream.avail_in = UInt32(body.count)
            unsafe stream.next_out = output.baseAddress
            unsafe stream.avail_out = UInt32(limit)
            isComplete = unsafe inflate(&stream, Z_FINISH) == Z_STREAM_END && stream.avail_in == 0
            count = unsafe limit - Int(stream.avail_out)
        }
        return isComplete ? output : nil
    }
}
