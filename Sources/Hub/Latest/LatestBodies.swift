import Synchronization
package import Telemetry

/// What is exported at one moment, as bytes in each format and encoding that somebody has asked for.
package final class LatestBodies: RenderedBodies {
    private struct Kind: Hashable {
        let dialect: Dialect
        let encoding: ContentEncoding
    }

    let blocks: [RenderedBlock]
    private let own: [MetricFamily]
    private let bodies = Mutex<[Kind: [UInt8]]>([:])

    init(_ blocks: [RenderedBlock], _ own: [MetricFamily]) {
        self.blocks = blocks
        self.own = own
    }

    package func representation(_ format: ExpositionFormat, _ encoding: ContentEncoding) -> RenderedMetrics.Body {
        if encoding == .gzip, let compressed = body(Kind(dialect: format.dialect, encoding: .gzip)) {
            return RenderedMetrics.Body(contentType: format.contentType, encoding: .gzip, body: compressed)
        }
        let plain = body(Kind(dialect: format.dialect, encoding: .identity)) ?? []
        return RenderedMetrics.Body(contentType: format.contentType, encoding: .identity, body: plain)
    }

    /// Made outside of the lock: two who ask at once may make it twice, and get the same.
    private func body(_ kind: Kind) -> [UInt8]? {
        if let body = bodies.withLock({ $0[kind] }) { return body }
        let made: [UInt8]? = kind.encoding == .gzip ? compressed(kind.dialect) : plain(kind.dialect)
        bodies.withLock { $0[kind] = made }
        return made
    }

    /// The hub's own come last, because the end of the whole comes after them.
    private func plain(_ dialect: Dialect) -> [UInt8] {
        var bytes: [UInt8] = []
        for block in blocks { block.append(to: &bytes, in: dialect) }
        return bytes + ExpositionEncoder.encode(own, dialect: dialect)
    }

    /// Only what has changed is compressed.
    private func compressed(_ dialect: Dialect) -> [UInt8]? {
        let missing = blocks.filter { $0.piece(in: dialect) == nil }
        let texts = missing.map { $0.bytes(in: dialect) } + [ExpositionEncoder.encode(own, dialect: dialect)]
        guard let pieces = GzipPiece.compress(texts), let end = pieces.last else { return nil }
        for (block, piece) in zip(missing, pieces) { block.keep(piece, in: dialect) }
        return GzipPiece.joined(blocks.compactMap { $0.piece(in: dialect) } + [end])
    }
}
