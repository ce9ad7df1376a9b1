import AsyncHTTP
import HTTPTestKit
import Testing

@testable import Access

@Suite("Writes that another site asks for")
struct CrossSiteTests {
    private func head(_ method: HTTPMethod, _ fields: [(String, String)], target: String = "/") throws -> RequestHead {
        var all = HeaderFields()
        for (name, value) in fields { try all.append(name, value) }
        return RequestHead(method: method, target: try RequestTarget(target, for: method), fields: all)
    }

    @Test(
        "are those whose origin is not the host that is asked",
        arguments: [
            ("hub:8080", "http://hub:8080", false), ("hub", "https://hub", false), ("hub", "http://hub:80", false),
            ("hub:443", "https://hub", false), ("HUB", "http://hub", false), ("[::1]:80", "http://[::1]", false),
            ("hub", "http://hub:8080", true), ("hub:8080", "http://hub", true), ("hub:80", "https://hub", true),
            ("hub", "http://hub.evil", true), ("hub", "http://evil", true), ("hub", "null", true), ("hub", "", true),
            ("hub", "hub", true), ("hub", "http://evil://hub", true), ("hub", "http://hub@evil", true),
        ]
    )
    func origins(_ host: String, _ origin: String, _ isForged: Bool) throws {
        #expect(CrossSite.isForged(try head(.post, [("Host", host), ("Origin", origin)])) == isForged)
        #expect(!CrossSite.isForged(try head(.get, [("Host", host), ("Origin", origin)])))
    }

    @Test("a browser says itself when it is another site")
    func fetchSite() throws {
        for (site, isForged) in [("cross-site", true), ("Cross-Site", true), ("same-origin", false), ("none", false)] {
            #expect(CrossSite.isForged(try head(.delete, [("Host", "a"), ("Sec-Fetch-Site", site)])) == isForged)
        }
        let both = [("Host", "a"), ("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Site", "cross-site")]
        #expect(CrossSite.isForged(try head(.put, both)))
    }

    @Test("what is no browser says nothing, and may")
    func tools() throws {
        for method in [HTTPMethod.post, .put, .delete] {
            #expect(!CrossSite.isForged(try head(method, [("Host", "a")])))
        }
    }

    @Test("two origins are one too many, and the host of an absolute target goes before the field")
    func oddities() throws {
        let origin = ("Origin", "http://a")
        #expect(CrossSite.isForged(try head(.post, [("Host", "a"), origin, origin])))
        #expect(CrossSite.isForged(try head(.post, [origin])))
        #expect(CrossSite.isForged(try head(.post, [("Host", "a"), origin], target: "http://b/")))
        #expect(!CrossSite.isForged(try head(.post, [("Host", "b"), origin], target: "http://a/")))
    }

    @Test("they do not reach the handler")
    func handler() throws {
        let counters = AccessCounters()
        let test = HandlerTest(
            handler: CrossSite.refusing(counters: counters) { _, responder in try await responder.send(.text("done")) }
        )
        func ask(_ origin: String) throws -> String {
            try test.exchange("POST / HTTP/1.1\r\nHost: a\r\nOrigin: \(origin)\r\nContent-Length: 0\r\n\r\n")
        }
        #expect(try ask("http://a").hasPrefix("HTTP/1.1 200"))
        #expect(try ask("http://b").hasPrefix("HTTP/1.1 403"))
        #expect(counters.statistics == AccessStatistics(forbidden: 1))
    }
}
