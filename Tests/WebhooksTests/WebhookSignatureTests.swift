import Digests
import Testing

@testable import WebhookChecks
@testable import Webhooks

@Suite("Signatures of webhooks")
struct WebhookSignatureTests {
    private static let one = String(repeating: "0a", count: 32)
    private static let other = String(repeating: "F1", count: 32)

    @Test("a signature is what OpenSSL's own command makes of the time, a full stop and the body")
    func signs() throws {
        let secret = try #require(WebhookSecret("mysecretkey"))
        let signature = WebhookSignature(signing: Array(#"{"event":"x"}"#.utf8), at: 1_700_000_000, with: secret)
        let expected = "1c656cc1f3e52d82eaa56687ed78f62e7d28c5f727470063a9250d0d4706348a"
        #expect(signature.fieldValue == "t=1700000000,v1=\(expected)")
    }

    @Test("what is signed is the HMAC of RFC 4231, test case 2, if time and body are put together so")
    func vector() throws {
        let secret = try #require(WebhookSecret("Jefe"))
        let text = Array("what do ya want for nothing?".utf8)
        let digest = try #require(
            Digest(hexadecimal: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        )
        #expect(WebhookSignature(time: 0, digests: [digest]).fits(text, secret))
    }

    @Test(
        "headers as they are in the field are read",
        arguments: [
            ("t=1700000000,v1=\(one)", 1_700_000_000, [one]),
            ("v1=\(one),t=5", 5, [one]),
            ("t=0,v1=\(other)", 0, [other]),
            (" t=5\t ,\t v1=\(one) \t", 5, [one]),
            ("t=5,v0=x,v1=\(one),v2=,,=,novalue,T=9,V1=9", 5, [one]),
            ("v1=\(one),t=5,v1=\(other)", 5, [one, other]),
            ("t=999999999999999,v1=\(one)", 999_999_999_999_999, [one]),
            (String(repeating: "x,", count: 470) + "t=5,v1=\(one)", 5, [one]),
        ] as [(String, Int64, [String])]
    )
    func reads(header: String, time: Int64, digests: [String]) throws {
        let signature = try WebhookSignature(parsing: header)
        #expect(signature.time == time)
        #expect(signature.digests.map(\.hexadecimal) == digests.map { $0.lowercased() })
        #expect(try WebhookSignature(parsing: signature.fieldValue) == signature)
    }

    @Test(
        "what is no signature is told as such",
        arguments: [
            "", " ", ",", "t", "t=", "v1=", "t=5", "v1=\(one)", "t=5 v1=\(one)", "t=5;v1=\(one)", "t=,v1=\(one)",
            "t=5,v1=", "t=5,v1=\(one.dropLast())", "t=5,v1=\(one)0", "t=5,v1=\(one.dropLast())g",
            "t=5,v1=\(one),v1=no", "t=5,t=5,v1=\(one)", "t=-5,v1=\(one)", "t=+5,v1=\(one)", "t=05,v1=\(one)",
            "t=00,v1=\(one)", "t=5.0,v1=\(one)", "t=0x5,v1=\(one)", "t=5e3,v1=\(one)", "t= 5,v1=\(one)",
            "t=1000000000000000,v1=\(one)", "t=99999999999999999999999,v1=\(one)", "t=٥,v1=\(one)",
            "t=5,v1= \(one)", "t=5,\u{301}v1=\(one)", "t=5,V1=\(one)", "T=5,v1=\(one)", "t=5\0,v1=\(one)",
            String(repeating: "x,", count: 479) + "t=5,v1=\(one)",
            "t=5" + String(repeating: ",v1=\(one)", count: 9),
        ]
    )
    func refuses(header: String) {
        #expect(throws: WebhookRefusal.malformed) { try WebhookSignature(parsing: header) }
    }

    @Test("as many signatures as the limit says are read, and one more is not")
    func limits() throws {
        var limits = WebhookLimits()
        limits.signatures = 2
        let header = "t=5,v1=\(Self.one),v1=\(Self.other)"
        limits.headerBytes = header.utf8.count
        #expect(try WebhookSignature(parsing: header, within: limits).digests.count == 2)
        limits.signatures = 1
        #expect(throws: WebhookRefusal.malformed) { try WebhookSignature(parsing: header, within: limits) }
        limits.signatures = 2
        limits.headerBytes -= 1
        #expect(throws: WebhookRefusal.malformed) { try WebhookSignature(parsing: header, within: limits) }
    }

    @Test("random bytes in and around a good header never trap")
    func random() {
        var generator = SeededGenerator(state: 42)
        let alphabet = Array("tv1=,0 9fg\t\0-é".utf8)
        for _ in 0..<20_000 {
            var bytes = Array("t=5,v1=\(Self.one)".utf8)
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                let byte = alphabet.randomElement(using: &generator) ?? 0
                switch Int.random(in: 0...2, using: &generator) {
                case 0: bytes[place] = byte
                case 1: bytes.insert(byte, at: place)
                default: bytes.remove(at: place)
                }
            }
            let header = String(decoding: bytes, as: UTF8.self)
            guard let signature = try? WebhookSignature(parsing: header) else { continue }
            #expect((try? WebhookSignature(parsing: signature.fieldValue)) == signature)
        }
    }

    @Test("a time before 1970 is written as 1970, which is read again")
    func early() throws {
        let secret = try #require(WebhookSecret("s"))
        let signature = WebhookSignature(signing: [], at: -1, with: secret)
        #expect(try WebhookSignature(parsing: signature.fieldValue) == signature)
        #expect(signature.time == 0)
    }
}

/// SplitMix64, so that what fails can be run again.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
