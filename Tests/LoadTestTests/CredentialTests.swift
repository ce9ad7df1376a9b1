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
        #expect(try Credential(kind, Secret(text)).source == .given(Secret(value)))
        for end in ["", "\n", "\r\n"] {
            #expect(try kind.authorization(content: Array((text + end).utf8)) == Secret(value))
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
            #expect(
                usage?.errors.map(\.description).allSatisfy { $0.hasPrefix("--\(kind)=\"<secret>\": not ") } == true
            )
            #expect(usage?.errors.count == 1)
            #expect(throws: CredentialProblem.self) {
                try kind.authorization(content: Array((text + "\n\n").utf8))
            }
        }
    }

    @Test("do not print")
    func silent() throws {
        for flag in ["--user=Aladdin:sesame", "--token=sesame", "--header=X-Api-Key: sesame"] {
            let invocation = try LoadInvocation.parse([Self.url, flag])
            var dumped = ""
            dump(invocation, to: &dumped)
            for text in ["\(invocation)", String(reflecting: invocation), dumped] {
                #expect(!text.contains("sesame") && !text.contains("Aladdin"))
            }
        }
    }

    @Test(
        "are taken off the command line",
        arguments: [
            (["--user=a:b"], [SecretWord(index: 0, shown: 7)]), (["--token", "b"], [SecretWord(index: 1, shown: 0)]),
            ([url, "--header=A: b"], [SecretWord(index: 1, shown: 9)]), ([url, "--user-file=b"], []),
        ]
    )
    func hidden(arguments: [String], words: [SecretWord]) {
        #expect(LoadFlags.all.secretWords(in: arguments) == words)
    }

    @Test(
        "are not repeated where they stand in the wrong place",
        arguments: [
            [url, "--token=open", "sesame"], [url, "--user", "a:open", "-sesame"], [url, "--token=x", "--sesame"],
            ["http://Aladdin:sesame@localhost/"],
        ]
    )
    func misplaced(arguments: [String]) {
        let usage = #expect(throws: UsageErrors.self) { try LoadInvocation.parse(arguments) }
        #expect(usage?.errors.count == 1)
        for error in usage?.errors ?? [] { #expect(!"\(error)".contains("sesame"), "\(error)") }
    }
}
