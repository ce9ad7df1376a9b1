import Testing

@testable import TelemetryServer

@Suite("The frame of a page")
struct PageTests {
    /// The colours by name, of the light scheme and, where it has another, the dark one.
    private static func colours() throws -> [[String: String]] {
        var schemes: [[String: String]] = []
        for block in PageStyle.text.split(separator: ":root{", omittingEmptySubsequences: false).dropFirst() {
            var scheme = schemes.first ?? [:]
            for pair in try #require(block.split(separator: "}").first).split(separator: ";") {
                let halves = pair.split(separator: ":")
                scheme[String(halves[0].dropFirst(2))] = String(halves[1].dropFirst())
            }
            schemes.append(scheme)
        }
        return schemes
    }

    /// WCAG 2's relative luminance.
    private static func luminance(_ colour: String) throws -> Double {
        let digits = colour.count == 3 ? colour.map { "\($0)\($0)" }.joined() : colour
        let number = try #require(Int(digits, radix: 16))
        func linear(_ shift: Int) -> Double {
            let value = Double(number >> shift & 0xFF) / 255
            return value <= 0.04045 ? value / 12.92 : power((value + 0.055) / 1.055)
        }
        return 0.2126 * linear(16) + 0.7152 * linear(8) + 0.0722 * linear(0)
    }

    /// To the power of 2.4: the square, times the square of the fifth root.
    private static func power(_ base: Double) -> Double {
        var root = 1.0
        for _ in 0..<60 { root -= (root * root * root * root * root - base) / (5 * root * root * root * root) }
        return base * base * root * root
    }

    @Test("every text is readable on everything that can be behind it, by day and by night: 4.5 to 1 at least")
    func contrast() throws {
        let schemes = try Self.colours()
        #expect(schemes.count == 2)
        for scheme in schemes {
            for behind in ["paper", "card"] {
                for text in ["ink", "soft", "none", "good", "warn", "bad"] {
                    let colours = [try #require(scheme[behind]), try #require(scheme[text])]
                    let light = try colours.map(Self.luminance).sorted()
                    let contrast = (light[1] + 0.05) / (light[0] + 0.05)
                    #expect(contrast >= 4.5, "--\(text) on --\(behind): \(contrast)")
                }
            }
        }
        #expect(try Self.luminance("fff") == 1 && abs(Self.luminance("808080") - 0.2159) < 0.001)
        let names = PageStyle.text.split(separator: "var(--").dropFirst().map { $0.prefix { $0 != ")" } }
        let known = ["ink", "soft", "none", "good", "warn", "bad", "tone", "paper", "card", "line"]
        #expect(Set(names.map(String.init)).isSubset(of: known), "a colour that is not measured")
    }

    @Test("text stays text, and what could hide or turn something is left out")
    func escaping() {
        #expect(HTMLText.escape("<a b=\"'&\n>") == "&lt;a b=&quot;&#39;&amp; &gt;")
        #expect(HTMLText.escape("a\u{202E}b\u{200B}c\u{9B}d\u{FEFF}\u{2069}é") == "abcdé")
    }

    @Test("a page without a script may run none, and one with a script that one alone")
    func policy() throws {
        let plain = PageFrame(title: "t", condition: "good")
        #expect(!plain.html(header: "", main: "", footer: "").contains("<script"))
        let text = PageFrame(title: "t", condition: "good", script: PageScript(text: "x()", hash: "h"))
        #expect(text.html(header: "", main: "", footer: "").contains("<script>x()</script>"))
    }

    @Test("a browser asks again where no script does")
    func refresh() {
        let again = "<meta http-equiv=\"refresh\" content=\"5\">"
        func html(_ script: PageScript?) -> String {
            PageFrame(title: "t", condition: "good", refresh: 5, script: script).html(header: "", main: "", footer: "")
        }
        #expect(html(nil).contains("\n\(again)\n"))
        #expect(html(PageScript(text: "x()", hash: "h")).contains("<noscript>\(again)</noscript>"))
    }
}
