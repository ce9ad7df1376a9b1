import AsyncHTTP
import Testing

@testable import Reporting

@Suite("Where a hub is")
struct HubURLTests {
    @Test(
        "it may be written as its predecessor's workers write it",
        arguments: [
            ("http://hub:8082", "/api/metrics/report", "http://hub:8082"),
            ("http://hub:8082/", "/api/metrics/report", "http://hub:8082"),
            ("http://hub:8082/api", "/api/metrics/report", "http://hub:8082"),
            ("http://hub:8082/api/", "/api/metrics/report", "http://hub:8082"),
            ("https://site/hubs/one/api", "/hubs/one/api/metrics/report", "https://site/hubs/one"),
            ("http://hub/rapid/capi", "/rapid/capi/api/metrics/report", "http://hub/rapid/capi"),
            ("unix:/run/hub.sock", "/api/metrics/report", "unix:/run/hub.sock"),
            ("unix:/run/hub.sock:/api", "/api/metrics/report", "unix:/run/hub.sock"),
        ]
    )
    func places(text: String, target: String, shown: String) throws {
        let url = try HubURL(text)
        #expect(url.target("/api/metrics/report") == target)
        #expect(url.description == shown)
        #expect(try HubURL(url.description) == url)
    }

    @Test("what is no URL is refused with a reason")
    func wrong() {
        #expect(throws: ClientURLError.self) { try HubURL("hub:8082") }
        // It would be lost: there is a path behind it each time.
        #expect(throws: ClientURLError("a hub's URL has no query (?)")) { try HubURL("http://hub:8082/api?token=x") }
        #expect(HubURL.local.description == "http://localhost:8082")
    }
}
