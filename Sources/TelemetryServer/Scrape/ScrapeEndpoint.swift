package import AsyncHTTP

/// What holds the metrics of the present moment.
package protocol ScrapeHolder: AnyObject, Sendable {
    /// Another one for each moment.
    var version: UInt64 { get }

    /// The finished answer of this moment; nil when it has to be made first, because nobody has asked for it lately. Called for
    /// scrapes on serving loops, so it finds and makes nothing.
    func scrape(_ representation: Representation) -> PreparedResponse?

    /// The same, made where others do not wait for it.
    func made(_ representation: Representation) async throws -> PreparedResponse
}

/// Answers scrapes from memory, each in the representation that it asks for.
final class ScrapeEndpoint: Sendable {
    private let scrapes: [StandingScrape]
    private let negotiation = NegotiationTable()

    /// - Parameter account: where they are counted.
    init(_ source: any ScrapeHolder, _ account: RouteAccount?) {
        scrapes = Representation.all.map { StandingScrape(source, $0, account) }
    }

    /// What answers this request, now and whenever it comes again.
    func scrape(for fields: HeaderFields) -> StandingScrape {
        scrapes[negotiation.representation(for: fields).number]
    }
}

/// The metrics of whatever moment it is, in one representation.
final class StandingScrape: StandingAnswer {
    private let source: any ScrapeHolder
    private let representation: Representation
    private let account: RouteAccount?

    init(_ source: any ScrapeHolder, _ representation: Representation, _ account: RouteAccount?) {
        self.source = source
        self.representation = representation
        self.account = account
    }

    var version: UInt64 { source.version }

    func current() -> PreparedResponse? { source.scrape(representation) }

    /// Found or made.
    func answer() async throws -> PreparedResponse {
        if let finished = current() { return finished }
        return try await source.made(representation)
    }

    func sent(_ status: HTTPStatus, after nanoseconds: Int64) {
        account?.count(status.code, after: nanoseconds)
    }
}
