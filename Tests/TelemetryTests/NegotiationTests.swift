import Telemetry
import TestExposition
import Testing

@Suite("Negotiation")
struct NegotiationTests {
    private static let protobuf =
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited"

    /// What scrapers send, and what they get.
    private static let scraperTable: [(accept: String, format: ExpositionFormat)] = [
        // Prometheus 2.22 … 2.40.
        ("application/openmetrics-text; version=0.0.1,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", .openMetrics001),
        // Prometheus 2.41 … 2.48.
        (
            "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
                + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1", .openMetrics100
        ),
        // The same with native histograms: what we do not have is passed over.
        (
            protobuf
                + ",application/openmetrics-text;version=1.0.0;q=0.8,application/openmetrics-text;version=0.0.1;q=0.75,"
                + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1", .openMetrics100
        ),
        // Prometheus 2.49 … 2.55.
        (
            "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,"
                + "text/plain;version=0.0.4;q=0.3,*/*;q=0.2", .openMetrics100
        ),
        // Prometheus 3, its default.
        (
            "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
                + "application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
                + "text/plain;version=0.0.4;q=0.3,*/*;q=0.2", .openMetrics100
        ),
        // Prometheus 3.3, which put the escaping everywhere.
        (
            "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
                + "application/openmetrics-text;version=0.0.1;escaping=allow-utf-8;q=0.5,"
                + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
                + "text/plain;version=0.0.4;escaping=allow-utf-8;q=0.3,*/*;q=0.2", .openMetrics100
        ),
        // Prometheus 3 with native histograms and an escaping that would change usual names.
        (
            protobuf + ";q=0.6,application/openmetrics-text;version=1.0.0;escaping=dots;q=0.5,"
                + "application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=dots;q=0.3,"
                + "text/plain;version=0.0.4;q=0.2,*/*;q=0.1", .openMetrics100
        ),
        // Prometheus 3 with `scrape_protocols: [PrometheusText1.0.0, …]`.
        (
            "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=0.0.4;q=0.5,"
                + "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.4,*/*;q=0.3",
            .text100(.allowUTF8)
        ),
        // Prometheus 3 with `scrape_protocols: [PrometheusText0.0.4]`.
        ("text/plain;version=0.0.4;q=0.3,*/*;q=0.2", .text004),
        // vmagent, netdata.
        ("text/plain;version=0.0.4;q=1,*/*;q=0.1", .text004),
        // curl, wget; a browser; nothing at all.
        ("*/*", .text004),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8", .text004),
        ("", .text004),
    ]

    @Test("what a scraper in the field sends gets the format that it prefers", arguments: scraperTable)
    func scrapers(accept: String, format: ExpositionFormat) {
        #expect(ExpositionFormat.negotiate(accept: accept) == format)
    }

    private static let ruleTable: [(accept: String, format: ExpositionFormat)] = [
        ("application/openmetrics-text", .openMetrics100),
        ("application/openmetrics-text;version=\"0.0.1\"", .openMetrics001),
        ("APPLICATION/OpenMetrics-Text ; VERSION=0.0.1 ; Q=0.3", .openMetrics001),
        ("text/plain", .text004),
        ("text/*", .text004),
        ("text/plain;version=1.0.0", .text100(.underscores)),
        ("text/plain;version=1.0.0;escaping=underscores", .text100(.underscores)),
        ("text/plain;version=1.0.0;escaping=values", .text100(.values)),
        ("text/plain;version=1.0.0;escaping=dots", .text100(.underscores)),
        ("text/plain;version=1.0.0;escaping=unheard-of", .text100(.underscores)),
        // Equal weights: the first named.
        ("application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4", .openMetrics100),
        ("text/plain;version=0.0.4,application/openmetrics-text;version=1.0.0", .text004),
        // A weight of zero refuses, and the most specific range speaks.
        ("application/openmetrics-text;q=0,*/*;q=1", .text004),
        ("text/plain;version=0.0.4;q=0,*/*", .openMetrics100),
        ("text/plain;q=0,text/plain;version=1.0.0;q=0.1", .text100(.underscores)),
        ("*/*;q=0", .text004),
        ("text/plain;q=0.2,application/openmetrics-text;q=0.199", .text004),
        ("text/plain;q=0.2,application/openmetrics-text;q=0.201", .openMetrics100),
        // Of a repeated parameter the first counts, wherever it stands.
        ("application/openmetrics-text;version=0.0.1;version=1.0.0", .openMetrics001),
        ("application/openmetrics-text;q=0.1;q=1,text/plain;q=0.5", .text004),
        ("text/plain;version=1.0.0;escaping=values;escaping=dots", .text100(.values)),
        ("application/openmetrics-text;q=0.9;version=1.0.0,text/plain;q=0.5", .openMetrics100),
        // Of two ranges that say the same, too.
        ("text/plain;q=0.1,text/plain;q=1,application/openmetrics-text;q=0.5", .openMetrics100),
        ("text/plain;version=1.0.0;escaping=values,text/plain;version=1.0.0", .text100(.values)),
        // A comma or semicolon inside quotes is text.
        ("text/plain;note=\"a,application/openmetrics-text\"", .text004),
        ("application/openmetrics-text;note=\"\\\",;\";version=0.0.1", .openMetrics001),
        // Formats and versions that there are not.
        ("application/openmetrics-text;version=2.0.0", .text004),
        ("text/plain;version=0.0.3,application/openmetrics-text;q=0.1", .openMetrics100),
        ("application/json", .text004),
    ]

    @Test("weights, wildcards and parameters mean what RFC 9110 says", arguments: ruleTable)
    func rules(accept: String, format: ExpositionFormat) {
        #expect(ExpositionFormat.negotiate(accept: accept) == format)
    }

    @Test(
        "what cannot be read is passed over, never an error",
        arguments: [
            "q=2", ",", ",,,", ";", ";;q", "=", "a=b", "text/plain;q=2", "application/openmetrics-text;q=2",
            "application/openmetrics-text;q=", "application/openmetrics-text;q=.5", "application/openmetrics-text;q=-1",
            "application/openmetrics-text;q=1.1", "application/openmetrics-text;q=high",
            "application/openmetrics-text;q=0.5x", "application/openmetrics-text;q=11",
            "application / openmetrics-text",
            "\"", "\"\\", "text/plain;version=\"", "\u{0}", "application/openmetrics-text\u{0}", "ÄÖÜ/ß;q=½", "**", "*",
            "/",
            String(repeating: ";", count: 10_000), String(repeating: ",text/", count: 10_000),
        ]
    )
    func garbage(accept: String) {
        #expect(ExpositionFormat.negotiate(accept: accept) == .text004)
    }

    @Test("bytes that are not UTF-8 are passed over too")
    func bytes() {
        #expect(ExpositionFormat.negotiate(accept: [0xFF, 0x2C, 0xC0]) == .text004)
        let tail = Array(",application/openmetrics-text".utf8)
        #expect(ExpositionFormat.negotiate(accept: [0xFF] + tail) == .openMetrics100)
        #expect(ContentEncoding.negotiate(acceptEncoding: [0xFF] + Array(",gzip".utf8)) == .gzip)
    }

    @Test("no random header traps, and what is chosen exists")
    func random() {
        var generator = SeededGenerator(seed: 1)
        let pieces = [
            "text/plain", "application/openmetrics-text", "*/*", ";", ",", "q=", "0.5", "version=", "1.0.0", "\"", "\\",
            " ",
        ]
        for _ in 0..<20_000 {
            let header = (0..<Int.random(in: 0...12, using: &generator))
                .map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
            #expect(ExpositionFormat.all.contains(ExpositionFormat.negotiate(accept: header)))
            _ = ContentEncoding.negotiate(acceptEncoding: header)
        }
    }

    @Test(
        "gzip is sent to who allows it with a weight above zero",
        arguments: [
            ("gzip", true), ("gzip, deflate, br, zstd", true), ("deflate, gzip;q=1.0, *;q=0.5", true), ("GZIP", true),
            ("x-gzip", true), ("gzip;q=0.001", true), ("*", true), ("*;q=0.1", true),
            ("identity;q=1, gzip;q=0.5", true),
            ("br;q=1.0, gzip;q=0.8, *;q=0.1", true), (" gzip ", true), ("gzip ; q=0.5", true),
            ("", false), ("identity", false), ("deflate", false), ("gzip;q=0", false), ("gzip;q=0.000", false),
            ("*;q=0", false), ("gzip;q=0, *", false), ("*, gzip;q=0", false), ("gzip;q=2", false), ("gzip;q=x", false),
            ("gzipped", false), ("gz ip", false), (",;=", false), ("deflate;gzip", false),
        ]
    )
    func encoding(accept: String, isAllowed: Bool) {
        #expect(ContentEncoding.negotiate(acceptEncoding: accept) == (isAllowed ? .gzip : .identity))
    }

    @Test("content types and tokens are the documented ones")
    func contentTypes() {
        #expect(
            ExpositionFormat.all.map(\.contentType) == [
                "text/plain; version=0.0.4; charset=utf-8",
                "text/plain; version=1.0.0; charset=utf-8; escaping=underscores",
                "text/plain; version=1.0.0; charset=utf-8; escaping=allow-utf-8",
                "text/plain; version=1.0.0; charset=utf-8; escaping=values",
                "application/openmetrics-text; version=0.0.1; charset=utf-8",
                "application/openmetrics-text; version=1.0.0; charset=utf-8",
            ]
        )
        #expect(ContentEncoding.allCases.map(\.token) == [nil, "gzip"])
    }
}
