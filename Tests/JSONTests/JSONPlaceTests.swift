import Testing

@testable import JSON

@Suite("Places and numbers of a JSON text")
struct JSONPlaceTests {
    @Test(
        "a string is the same whether it is copied at once or later",
        arguments: [
            #""""#, #""a""#, #""eight by""#, #""more than eight bytes, and é""#, #""é""#, #""\u00e9\n\\\"""#,
            #""plain, then an escape \t""#, #""12345678\"12345678""#, #""😀\ud83d\ude00""#, "\"\u{7F}\u{A0}#!]^\"",
        ]
    )
    func strings(text: String) throws {
        var (one, other) = (JSONScanner(Array(text.utf8)), JSONScanner(Array(text.utf8)))
        let place = try one.place()
        #expect(one.text(at: place) == (try other.string()))
        #expect(one.index == other.index)
        #expect(one.decoded(at: place).map { String(decoding: $0, as: UTF8.self) } == one.text(at: place))
    }

    @Test("what is no text has no value", arguments: [#""\ud83d""#, #""\ude00x""#, #""\ud83dA""#, #""a\ud83d\u0041""#])
    func halves(text: String) throws {
        var scanner = JSONScanner(Array(text.utf8))
        let place = try scanner.place()
        #expect(scanner.text(at: place) == nil)
        #expect(scanner.decoded(at: place) == nil)
    }

    @Test("bytes that are not UTF-8 have no value, wherever they are", arguments: 0..<20)
    func invalid(position: Int) throws {
        var bytes = Array("\"01234567890123456789\"".utf8)
        bytes[position + 1] = 0xFF
        var scanner = JSONScanner(bytes)
        let place = try scanner.place()
        #expect(scanner.text(at: place) == nil)
    }

    @Test("every byte ends a string, or does not, wherever it stands", arguments: UInt8.min...UInt8.max)
    func everyByte(byte: UInt8) {
        for position in 0..<18 {
            var bytes = Array("\"0123456789abcdefgh\" \"".utf8)
            bytes[position + 1] = byte
            var (one, other) = (JSONScanner(bytes), JSONScanner(bytes))
            let (place, string) = (try? one.place(), try? other.string())
            #expect((place == nil) == (string == nil))
            #expect(one.index == other.index)
        }
    }

    @Test(
        "what stood before is taken again if it is the same to its last byte, and nothing otherwise",
        arguments: 1..<20
    )
    func again(length: Int) throws {
        let text = Array("\"0123456789abcdefgh".utf8.prefix(length)) + [UInt8(ascii: "\"")]
        for position in text.indices {
            var other = text
            other[position] ^= 1
            var scanner = JSONScanner(text + text + other + text)
            let place = try scanner.place()
            let whole = place.range.lowerBound - 1..<place.range.upperBound + 1
            #expect(scanner.take(again: whole) && scanner.index == 2 * text.count)
            #expect(!scanner.take(again: whole) && scanner.index == 2 * text.count)
            // What ends in between is not the same.
            scanner = JSONScanner(text + text.dropLast())
            _ = try scanner.place()
            #expect(!scanner.take(again: whole) && scanner.index == text.count)
        }
    }

    @Test(
        "a number is the same whether its text is kept or not",
        arguments: [
            "0", "-0", "1", "-1.5", "0.1", "123456789012345", "1234567890123456", "0.000001", "1e5", "1E-7", "1e400",
            "1e-400",
            "0.123456789012345", "999999999999999", "99999999999999.9", "9007199254740993", "1.7976931348623157e308",
            "4.35", "0.3", "2.675", "1.005", "100000000000000000000000",
        ]
    )
    func numbers(text: String) throws {
        var scanner = JSONScanner(Array(" \(text),".utf8))
        #expect(try scanner.numberValue().bitPattern == Double(text)?.bitPattern)
        #expect(scanner.peek() == UInt8(ascii: ","))
    }

    @Test("what is no number is an error", arguments: ["", "-", "01", "1.", ".5", "1e", "+1", "NaN"])
    func noNumbers(text: String) {
        var scanner = JSONScanner(Array("[\(text)]".utf8))
        _ = scanner.take(UInt8(ascii: "["))
        let value = try? scanner.numberValue()
        #expect(value == nil || !scanner.take(UInt8(ascii: "]")))
    }
}
