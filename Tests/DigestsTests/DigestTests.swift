import Testing

@testable import Digests

@Suite("Digests")
struct DigestTests {
    @Test(
        "SHA-256, against the examples of FIPS 180-4",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ]
    )
    func sha256(_ message: String, _ digest: String) {
        #expect(Digest.sha256(Array(message.utf8)).hexadecimal == digest)
    }

    @Test("HMAC-SHA-256, against the test cases 1, 2 and 6 of RFC 4231")
    func hmac() {
        let first = Digest.authenticating(Array("Hi There".utf8), with: [UInt8](repeating: 0x0B, count: 20))
        #expect(first.hexadecimal == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
        let second = Digest.authenticating(Array("what do ya want for nothing?".utf8), with: Array("Jefe".utf8))
        #expect(second.hexadecimal == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        let text = "Test Using Larger Than Block-Size Key - Hash Key First"
        let long = Digest.authenticating(Array(text.utf8), with: [UInt8](repeating: 0xAA, count: 131))
        #expect(long.hexadecimal == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
    }

    @Test("an empty key and an empty message have one, too")
    func empty() {
        let digest = Digest.authenticating([], with: [])
        #expect(digest.hexadecimal == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
    }

    @Test("hexadecimal digits of either case are read, others are not")
    func hexadecimal() {
        let digest = Digest.sha256([1, 2, 3])
        #expect(Digest(hexadecimal: digest.hexadecimal) == digest)
        #expect(Digest(hexadecimal: digest.hexadecimal.uppercased()) == digest)
        #expect(Digest(hexadecimal: String(digest.hexadecimal.dropLast())) == nil)
        #expect(Digest(hexadecimal: digest.hexadecimal.dropLast() + "g") == nil)
        #expect(Digest(bytes: digest.bytes) == digest)
        #expect(Digest(bytes: [1]) == nil)
    }

    @Test("digests that differ anywhere are not equal")
    func unequal() {
        let digest = Digest.sha256([1, 2, 3])
        for index in digest.bytes.indices {
            var bytes = digest.bytes
            bytes[index] ^= 1
            #expect(Digest(bytes: bytes) != digest)
        }
    }
}
