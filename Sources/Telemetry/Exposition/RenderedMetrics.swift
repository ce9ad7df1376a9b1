/// One moment's metrics as finished bytes, in every format and encoding. Immutable: any number of scrapers may share it.
///
/// All bodies are made when the value is made, by whoever publishes it, and none when it is read. The figures for that
/// (`make bench`, cases `RenderedMetrics …`): all four bodies take 37 µs for 50 series and 14 ms for 10,000, most of it
/// gzip. Once a second that is 0.004 % and 1.4 % of a core. Rendering on first demand would save a part of it where one
/// scraper asks for one body, and put the whole of it, behind a lock, in front of the scraper that comes first.
public final class RenderedMetrics: Sendable {
    /// One body, and the header fields that describe it.
    public struct Body: Sendable {
        /// The value of `Content-Type`.
        public let contentType: String
        /// What the body is, which is `identity` for once if zlib could not get its memory.
        public let encoding: ContentEncoding
        /// The finished bytes.
        public let body: [UInt8]
    }

    private struct Bodies: Sendable {
        let plain: [UInt8]
        let compressed: [UInt8]?

        init(_ plain: [UInt8]) {
            self.plain = plain
            compressed = Gzip.compress(plain)
        }
    }

    private let text: Bodies
    private let openMetrics: Bodies

    /// Renders families in every format and encoding.
    public init(_ families: [MetricFamily]) {
        text = Bodies(ExpositionEncoder.encode(families, dialect: .text))
        openMetrics = Bodies(
            ExpositionEncoder.encode(families, dialect: .openMetrics, capacity: text.plain.count * 9 / 8)
        )
    }

    /// The body of one format and encoding. Finds what exists; makes nothing.
    public func representation(_ format: ExpositionFormat, _ encoding: ContentEncoding) -> Body {
        let bodies =
            switch format.dialect {
            case .text: text
            case .openMetrics: openMetrics
            }
        guard encoding == .gzip, let compressed = bodies.compressed else {
            return Body(contentType: format.contentType, encoding: .identity, body: bodies.plain)
        }
        return Body(contentType: format.contentType, encoding: .gzip, body: compressed)
    }
}
