import Testing

@testable import YAML

@Suite("YAML: what a single value may be read as")
struct YAMLScalarTests {
    private static func plain(_ text: String) -> YAMLScalar { YAMLScalar(text, isPlain: true) }

    @Test(
        "booleans are those of YAML 1.1",
        arguments: [
            ("true", true), ("True", true), ("TRUE", true), ("yes", true), ("Y", true), ("on", true), ("ON", true),
            ("false", false), ("no", false), ("n", false), ("Off", false), ("tRue", nil), ("1", nil), ("", nil),
        ]
    )
    func booleans(_ text: String, _ value: Bool?) {
        #expect(Self.plain(text).boolean == value)
        #expect(YAMLScalar(text, isPlain: false).boolean == nil)
    }

    @Test("nothing is said by nothing, a tilde and null", arguments: ["", "~", "null", "Null", "NULL"])
    func nulls(_ text: String) {
        #expect(Self.plain(text).isNull)
        #expect(!YAMLScalar(text, isPlain: false).isNull)
        #expect(!Self.plain("nULL").isNull)
    }

    @Test(
        "numbers are read in any radix, and without what stands behind the point",
        arguments: [
            ("0", 0), ("12", 12), ("-7", -7), ("+7", 7), ("1_000", 1000), ("0x1F", 31), ("-0x1f", -31), ("0o17", 15),
            ("017", 15),
            ("08", 8), ("0b101", 5), ("5.9", 5), ("-5.9", -5), (".5", 0), ("1e3", 1000), ("9223372036854775807", .max),
            ("9223372036854775808", nil), ("1e300", nil), ("0x", nil), ("0x-1", nil), ("1s", nil), ("--1", nil),
            ("-", nil),
            (".", nil), (".inf", nil), ("-.inf", nil), (".nan", nil), ("", nil), ("one", nil), ("0x1p4", nil),
            ("1-1", nil),
            ("٣", nil), ("-٣", nil), ("2020-01-01", nil),
        ] as [(String, Int64?)]
    )
    func integers(_ text: String, _ value: Int64?) {
        #expect(Self.plain(text).integer == value)
        #expect(YAMLScalar(text, isPlain: false).integer == nil)
    }
}
