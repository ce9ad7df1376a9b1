import AsyncHTTP

/// What holds the metrics of the present moment.
package protocol ScrapeSource: AnyObject, Sendable {
    /// The finished answers of this moment; called for each scrape, on a serving loop, so it finds and makes nothing.
    func scrape() -> ScrapeSnapshot
}

/// Answers scrapes from memory, each in the representation that it asks for.
final class ScrapeEndpoint: Sendable {
    private let source: any ScrapeSource
    private let negotiation = NegotiationTable()

    init(_ source: any ScrapeSource) {
        self.source = source
    }

    func answer(to fields: HeaderFields) -> PreparedResponse {
        source.scrape()[negotiation.representation(for: fields)]
    }
}
