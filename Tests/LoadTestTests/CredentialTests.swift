import Flags
import Testing

@testable import LoadTestKit

@Suite("Credentials")
struct CredentialTests {
    private static let url = "http://localhost:8000/metrics"

    @Test(
        "become one Authorization; the newline at the end of a file is none of them",
        arguments: [
            (.user, "Aladdin:open sesame", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="), (.user, "a:", "Basic YTo="),
            (.user, ":b:c", "Basic OmI6Yw=="), (.user, "test:123£", "Basic dGVzdDoxMjPCow=="),
            (.token, "a.b-c_d~e+f/g==", "Bearer a.b-c_d~e+f/g=="),
        ] as [(Credential.Kind, String, String)]
    )
    func values(kind: Credential.Kind, text: String, value: String) throws {
        #expect(try Credential(kind, text).authorization() == value)
        for end in ["", "\n", "\r\n"] {
            #expect(try Credential(kind, file: "x").authorization(content: Array((text + end).utf8)) == value)
        }
    }

    @Test(
        "that could not be sent as they are meant are refused, without a word of them",
        arguments: [
            (.user, ["secret", "se:cret\n", "se:cr\u{0}et", ""]),
            (.token, ["", "se cret", "secret\n", "sécret", "a\tb"]),
        ] as [(Credential.Kind, [String])]
    )
    func refused(kind: Credential.Kind, texts: [String]) {
        for text in texts {
            let usage = #expect(throws: UsageErrors.self) {
                try LoadInvocation.parse([Self.url, "--\(kind)=\(text)"])
            }
            #expect(usage?.errors.map(\.description).allSatisfy { $0.hasPrefix("--\(kind)=\"…\": not ") } == true)
            #expect(usage?.errors.count == 1)
            #expect(throws: CredentialProblem.self) {
                try Credential(kind, file: "x").authorization(content: Array((text + "\n\n").utf8))
            }
        }
    }

    @Test("do not print")
    func silent() throws {
        let arguments = [Self.url, "--user=Aladdin:sesame"]
        let invocation = try LoadInvocation.parse(arguments)
        var dumped = ""
        dump(invocation, to: &dumped)
        for text in ["\(invocation)", String(reflecting: invocation), dumped] {
            #expect(!text.contains("sesame") && !text.contains("Aladdin"))
        }
    }

    @Test("Base64 is that of RFC 4648 section 10")
    func base64() {
        let expected = ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"]
        #expect((0...6).map { Base64.encode(Array("foobar".utf8.prefix($0))) } == expected)
        #expect(Base64.encode([0xFB, 0xFF, 0xFE]) == "+//+")
    }
}
