import AsyncHTTP
import Testing

@testable import Access

@Suite("Credentials, as they come")
struct CredentialsTests {
    private func read(_ values: String...) throws -> String {
        var fields = HeaderFields()
        for value in values { try fields.append("authorization", value) }
        func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
        return switch Credentials(fields) {
        case .none: "none"
        case .unreadable: "unreadable"
        case .basic(let login): "\(text(login.user)) and \(text(login.password))"
        case .bearer(let token): "token \(text(token))"
        }
    }

    @Test(
        "a name and a password, in base 64 with a colon between",
        arguments: [
            ("a:b", "a and b"), ("a:", "a and "), (":b", " and b"), ("a:b:c", "a and b:c"), ("ä:ö", "ä and ö"),
            (":", " and "),
            ("ab:c", "ab and c"), ("a b:c d", "a b and c d"), ("ab", "unreadable"), ("", "unreadable"),
            ("a:b\0", "unreadable"),
            ("a\0:b", "unreadable"),
        ]
    )
    func basic(_ login: String, _ meaning: String) throws {
        let value = Base64.encode(Array(login.utf8))
        #expect(try read("Basic \(value)") == meaning)
        #expect(try read("bASIC  \(value)") == meaning)
    }

    @Test(
        "what is no base 64 is nothing",
        arguments: ["YTpi=", "YTpi====", "YTp", "Y=pi", "YT=i", "YTp*", "====", "=", "YTo= ", "YTpi YTpi", "YTpiYT=="]
    )
    func base64(_ value: String) throws {
        let expected = value.hasPrefix("YTo= ") ? "a and " : value == "YTpiYT==" ? "a and ba" : "unreadable"
        #expect(try read("Basic \(value)") == expected)
    }

    @Test(
        "tokens are what RFC 6750 lets them be",
        arguments: [
            ("Bearer abc", "token abc"), ("bearer aZ09-._~+/==", "token aZ09-._~+/=="), ("BEARER  x", "token x"),
            ("Bearer", "unreadable"), ("Bearer ", "unreadable"), ("Bearer =", "unreadable"),
            ("Bearer a b", "unreadable"),
            ("Bearer a=b", "unreadable"), ("Bearer a,b", "unreadable"), ("Bearer \u{E4}", "unreadable"),
        ]
    )
    func bearer(_ value: String, _ meaning: String) throws {
        #expect(try read(value) == meaning)
    }

    @Test("another scheme, none, and more than one field are not readable")
    func others() throws {
        #expect(try read() == "none")
        for value in ["Digest a", "", "Basi", "Basicx YTpi", "YTpi", "@asic YTpi", "B@sic YTpi"] {
            #expect(try read(value) == "unreadable", "\(value)")
        }
        #expect(try read("Bearer abc", "Bearer abc") == "unreadable")
    }
}
