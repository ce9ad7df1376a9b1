import AsyncHTTP
import Telemetry
import Testing

@testable import LoadTestKit

@Suite("Bodies")
struct BodyTests {
    private static let text = Array("# HELP up Up.\n# TYPE up gauge\nup 1\n".utf8)

    private func judge(_ judge: BodyJudge, _ body: [UInt8], gzip: Bool = false) -> String? {
        do throws(LoadFailure) {
            unsafe try judge.judge(body.span.bytes, BodyFacts(isGzip: gzip))
            return nil
        } catch {
            return error.detail
        }
    }

    @Test("one that equals the last valid one is not looked at again; any other is")
    func remembered() {
        let judge = BodyJudge(.parse)
        for _ in 0..<5 { #expect(self.judge(judge, Self.text) == nil) }
        #expect(judge.closeLooks == 1)
        var other = Self.text
        other[other.count - 2] = UInt8(ascii: "?")
        for _ in 0..<2 { #expect(self.judge(judge, other) == "line 3: its value is no number") }
        #expect(judge.closeLooks == 3)
        #expect(self.judge(judge, Self.text) == nil)
        #expect(judge.closeLooks == 3)
        // The same bytes as something else are something else.
        #expect(self.judge(judge, Self.text, gzip: true) == "it is no gzip")
    }

    @Test("what gzip holds is judged")
    func gzip() throws {
        let good = try #require(Gzip.compress(Self.text))
        #expect(judge(BodyJudge(.parse), good, gzip: true) == nil)
        #expect(judge(BodyJudge(.newline), try #require(Gzip.compress(Array("x".utf8))), gzip: true) != nil)
        #expect(judge(BodyJudge(.newline), try #require(Gzip.compress([])), gzip: true) == "it is empty")
        for cut in good.indices {
            #expect(judge(BodyJudge(.newline), Array(good[..<cut]), gzip: true) == "it is no gzip")
        }
        #expect(judge(BodyJudge(.newline), good + [0], gzip: true) == "it is no gzip")
    }

    @Test("a large body comes out of gzip as it went in")
    func large() throws {
        let text = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) }
        #expect(Inflate.gzip(try #require(Gzip.compress(text))) == text)
    }

    @Test("gzip that grows beyond all reason is given up")
    func bomb() throws {
        let bomb = try #require(Gzip.compress([UInt8](repeating: 0, count: 100_000)))
        #expect(Inflate.gzip(bomb, limit: .bytes(100_000))?.count == 100_000)
        #expect(Inflate.gzip(bomb, limit: .bytes(99_999)) == nil)
        #expect(Inflate.gzip(bomb, limit: .bytes(1)) == nil)
    }

    @Test(
        "what Prometheus can read is an exposition",
        arguments: [
            "", "up 1\n", "up{} 1\n", "up{a=\"b\"} 1\n", "up{a=\"b\",} 1\n", "  up { a = \"b\" , c = \"d\" }\t1 \n",
            "\n\n",
            "up 1 1700000000000\n", "up -1.5e-3\n", "up NaN\nup +Inf\nup -inf\n", "up .5\nup 5.\n", "a:b_c 1\n",
            "# a comment\n#\n", "# HELP up Some \\\\ text\n# TYPE up untyped\nup 0x\n".replacing("0x", with: "0"),
            "up{a=\"\\\\ \\\" \\n { } ,\"} 1\n", "{\"a.b\"} 1\n", "{\"a.b\",\"c d\"=\"e\"} 1\n", "up{le=\"é\"} 1\n",
            "# HELP up\n", "# TYPE \"a.b\" gauge\n",
        ]
    )
    func expositions(text: String) throws {
        try ExpositionCheck.check(Array(text.utf8), isOpenMetrics: false)
    }

    @Test(
        "what Prometheus cannot read is none",
        arguments: [
            ("up 1", 1), ("up\n", 1), ("up one\n", 1), ("up 1 x\n", 1), ("up 1 2 3\n", 1), ("1up 1\n", 1),
            ("up{ 1\n", 1),
            ("up{a} 1\n", 1), ("up{a=b} 1\n", 1), ("up{a=\"b\" c=\"d\"} 1\n", 1), ("up{a=\"\\x\"} 1\n", 1),
            ("up 1\nup{a=\"b} 1\n", 2), ("{} 1\n", 1), ("up{\"x\"} 1\n", 1), ("{\"a\",\"b\"} 1\n", 1), ("up 1e\n", 1),
            ("up 0x10\n", 1), ("up --1\n", 1), ("# TYPE up nonsense\n", 1), ("# TYPE up\n", 1), ("# HELP\n", 1),
            ("# HELP a-b c\n", 1), ("up{a:b=\"c\"} 1\n", 1), ("<html>\n", 1), ("{\"up\": 1}\n", 1),
            ("up 1 # {} 1\n", 1),
            ("up.down 1\n", 1), ("up{,} 1\n", 1),
        ]
    )
    func noExpositions(text: String, line: Int) {
        #expect {
            try ExpositionCheck.check(Array(text.utf8), isOpenMetrics: false)
        } throws: { ($0 as? ExpositionCheck.Problem)?.line == line }
    }

    @Test(
        "OpenMetrics is read by its own rules",
        arguments: [
            ("up 1\n# EOF\n", true), ("# TYPE a counter\na_total 1 # {x=\"y\"} 1 2.5\n# EOF\n", true),
            ("# UNIT a_s s\na_s 1 1.5\n# EOF\n", true), ("up 1\n", false), ("# EOF\nup 1\n", false),
            ("\n# EOF\n", false), ("# comment\n# EOF\n", false), ("up 1 # {x=\"y\"}\n# EOF\n", false),
            ("up 1 # {x} 1\n# EOF\n", false), ("up 1 # {} 1 x\n# EOF\n", false), ("# EOF \n", false), ("", false),
        ]
    )
    func openMetrics(text: String, isValid: Bool) {
        let found = (try? ExpositionCheck.check(Array(text.utf8), isOpenMetrics: true)) != nil
        #expect(found == isValid)
    }

    @Test("no beginning and no damage of an exposition stops the program")
    func damage() {
        let text = Array("# TYPE a counter\na{b=\"c\\n\",d=\"é\"} 1e3 # {x=\"y\"} 2 3\n{\"q\"} NaN\n# EOF\n".utf8)
        for isOpenMetrics in [false, true] {
            for index in text.indices {
                _ = try? ExpositionCheck.check(Array(text[..<index]), isOpenMetrics: isOpenMetrics)
                for byte: UInt8 in [0, 0x0A, 0x20, 0x22, 0x23, 0x5C, 0x7B, 0x7D, 0xFF] {
                    var damaged = text
                    damaged[index] = byte
                    _ = try? ExpositionCheck.check(damaged, isOpenMetrics: isOpenMetrics)
                }
            }
        }
        #expect {
            try ExpositionCheck.check([0xFF, 0x0A], isOpenMetrics: false)
        } throws: { "\($0)" == "line 1: it is no UTF-8" }
    }
}
