/// Where the pieces of an answer become one record, which is one system call and one thing for the peer to decipher. All streams
/// of a loop share it, because what is in it has been taken before the next one is filled.
///
/// Safe because the memory lives as long as this, all of it is initialised, and spans of it are only lent.
@safe final class RecordBuffer {
    /// What one record holds (RFC 8446 section 5.1).
    private static let size = 16_384

    private let memory: UnsafeMutableRawBufferPointer

    init() {
        unsafe memory = .allocate(byteCount: Self.size, alignment: 16)
        unsafe memory.initializeMemory(as: UInt8.self, repeating: 0)
    }

    deinit {
        unsafe memory.deallocate()
    }

    /// Hands over what follows the first `skipped` bytes of three pieces, as much as one record holds.
    func withRecord<Result>(
        _ first: [UInt8],
        _ second: [UInt8],
        _ third: [UInt8],
        skipping skipped: Int,
        _ body: (RawSpan) -> Result
    ) -> Result {
        let before = first.count + second.count
        // What comes from one piece need not be copied.
        if skipped >= before {
            let rest = unsafe third.span.bytes.extracting(droppingFirst: skipped - before)
            return body(rest.extracting(first: Self.size))
        }
        var filled = 0
        fill(&filled, with: first, skipping: skipped)
        fill(&filled, with: second, skipping: max(0, skipped - first.count))
        fill(&filled, with: third, skipping: 0)
        return unsafe body(RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: memory[..<filled])))
    }

    @inline(__always)
    private func fill(_ filled: inout Int, with piece: [UInt8], skipping skipped: Int) {
        let count = min(piece.count - skipped, Self.size - filled)
        guard count > 0 else { return }
        unsafe piece.withUnsafeBytes { piece in
            unsafe UnsafeMutableRawBufferPointer(rebasing: memory[filled..<filled + count])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: piece[skipped..<skipped + count]))
        }
        filled += count
    }
}
