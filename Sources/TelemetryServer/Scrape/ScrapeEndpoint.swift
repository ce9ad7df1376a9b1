import AsyncHTTP

/// What holds the metrics of the present moment.
package protocol ScrapeHolder: AnyObject, Sendable {
    /// The finished answers of this moment; called for each scrape, on a serving loop, so it finds and makes nothing.
    func scrape() -> ScrapeSnapshot
}

/// Answers scrapes from memory, each in the representation that it asks for.
final class ScrapeEndpoint: Sendable {
    private let source: any ScrapeHolder
    private let negotiation = NegotiationTable()

    init(_ source: any ScrapeHolder) {
        self.source = source
    }

    func answer(to fields: HeaderFields) -> PreparedResponse {
        source.scrape()[negotiation.representation(for: fields)]
    }
}
