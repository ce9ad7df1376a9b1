import Synchronization
import Telemetry

/// Some parts in a row, compressed together: as few as are compressed again for each change, as many as compress well.
final class RenderedBlock: Sendable {
    let parts: [RenderedPart]
    private let pieces = Mutex<[Dialect: GzipPiece]>([:])

    init(_ parts: [RenderedPart]) {
        self.parts = parts
    }

    func bytes(in dialect: Dialect) -> [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes, in: dialect)
        return bytes
    }

    func append(to bytes: inout [UInt8], in dialect: Dialect) {
        for part in parts { bytes += part.bytes(in: dialect) }
    }

    /// Nil before somebody has made it.
    func piece(in dialect: Dialect) -> GzipPiece? { pieces.withLock { $0[dialect] } }

    func keep(_ piece: GzipPiece, in dialect: Dialect) { pieces.withLock { $0[dialect] = piece } }

    /// Whether it is made of exactly these.
    func isMade(of others: [RenderedPart]) -> Bool {
        parts.count == others.count && zip(parts, others).allSatisfy { $0 === $1 }
    }
}
