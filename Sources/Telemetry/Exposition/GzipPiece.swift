import CZlib

/// A stretch of a body, compressed by itself: what has not changed need not be compressed again, and pieces in a row are one
/// member of RFC 1952 that every reader takes.
package struct GzipPiece: Sendable {
    /// Blocks of RFC 1951, none of them the last, that end at a whole byte and refer to nothing before them.
    private let blocks: [UInt8]
    private let checksum: UInt
    private let length: Int

    /// Compresses each text by itself; nil if zlib cannot get its memory. Level 1 is zlib's fastest: pieces are made often.
    package static func compress(_ texts: [[UInt8]], level: Int32 = 1) -> [GzipPiece]? {
        var stream = unsafe z_stream()
        let size = unsafe Int32(MemoryLayout<z_stream>.size)
        // Negative: without a header. 15: the largest window. 8: zlib's usual memory.
        guard
            unsafe deflateInit2_(&stream, level, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK
        else { return nil }
        defer { unsafe deflateEnd(&stream) }
        var pieces: [GzipPiece] = []
        pieces.reserveCapacity(texts.count)
        for text in texts {
            guard unsafe deflateReset(&stream) == Z_OK, let piece = unsafe GzipPiece(text, &stream) else { return nil }
            pieces.append(piece)
        }
        return pieces
    }

    private init?(_ text: [UInt8], _ stream: inout z_stream) {
        guard let length = UInt32(exactly: text.count) else { return nil }
        // What is flushed ends with an empty block of 5 bytes, and with what was left of a byte.
        let bound = unsafe Int(deflateBound(&stream, uLong(length))) + 16
        // zlib only reads through this pointer, which C cannot say without `z_const`.
        var text = text
        var isComplete = false
        (blocks, checksum) = unsafe text.withUnsafeMutableBufferPointer { text -> ([UInt8], UInt) in
            let blocks = unsafe [UInt8](unsafeUninitializedCapacity: bound) { output, count in
                unsafe stream.next_in = text.baseAddress
                unsafe stream.avail_in = length
                unsafe stream.next_out = output.baseAddress
                unsafe stream.avail_out = UInt32(truncatingIfNeeded: output.count)
                let status = unsafe deflate(&stream, Z_FULL_FLUSH)
                isComplete = unsafe status == Z_OK && stream.avail_in == 0 && stream.avail_out > 0
                count = unsafe output.count - Int(stream.avail_out)
            }
            return (blocks, unsafe UInt(crc32(0, text.baseAddress, length)))
        }
        guard isComplete else { return nil }
        self.length = text.count
    }

    /// One gzip body. Its header has no time and no name: the same pieces give the same bytes.
    package static func joined(_ pieces: [GzipPiece]) -> [UInt8] {
        var body: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
        body.reserveCapacity(pieces.reduce(20) { $0 + $1.blocks.count })
        var (checksum, length) = (UInt(0), 0)
        for piece in pieces {
            body += piece.blocks
            checksum = UInt(crc32_combine(uLong(checksum), uLong(piece.checksum), piece.length))
            length &+= piece.length
        }
        // An empty block of fixed codes that says that it is the last.
        body += [3, 0]
        for number in [UInt32(truncatingIfNeeded: checksum), UInt32(truncatingIfNeeded: length)] {
            for shift: UInt32 in [0, 8, 16, 24] { body.append(UInt8(truncatingIfNeeded: number >> shift)) }
        }
        return body
    }
}
