import Testing

@testable import AsyncHTTP

@Suite("Base64")
struct Base64Tests {
    @Test(
        "is that of RFC 4648 section 10, in both directions",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"), ("Aladdin:open sesame", "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
            ("test:123£", "dGVzdDoxMjPCow=="),
        ]
    )
    func examples(plain: String, encoded: String) {
        #expect(Base64.encode(Array(plain.utf8)) == encoded)
        #expect(decode(encoded) == Array(plain.utf8))
    }

    @Test("carries every byte in every place, with every digit")
    func everyByte() {
        let bytes = (0..<768).map { UInt8(truncatingIfNeeded: $0 &* 0x55 &+ $0 / 256) }
        for start in 0..<3 { #expect(decode(Base64.encode(Array(bytes[start...]))) == Array(bytes[start...])) }
        #expect(Base64.encode([0xFB, 0xFF, 0xFE]) == "+//+")
        #expect(decode("+//+") == [0xFB, 0xFF, 0xFE])
    }

    @Test(
        "refuses what is cut, padded in the wrong place or written in other letters",
        arguments: [
            "Z", "Zg", "Zg=", "Zg===", "====", "=Zg=", "Z=g=", "Zg==Zg==", "Zm9v=", "Zm 9", "Zm9\n", "Zm-_", "Zm9é",
        ]
    )
    func refused(text: String) {
        #expect(decode(text) == nil)
    }

    private func decode(_ text: String) -> [UInt8]? {
        let bytes = Array(text.utf8)
        return Base64.decode(bytes.span)
    }
}
