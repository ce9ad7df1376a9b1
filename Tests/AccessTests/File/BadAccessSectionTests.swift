import Testing

@testable import Access

@Suite("Web configuration files whose users or tokens are refused")
struct BadAccessSectionTests {
    private static let rest = "$txH.K5j3g4xSa9uMAwTw9ecGjXAoU4FEYtkQchZMueAFzIcojurF."

    private func expect(_ text: String, _ reason: String) throws {
        #expect(try WebDirectory().refusal(text) == reason)
    }

    @Test(
        "users and what they may",
        arguments: [
            (
                "basic_auth_users: {john: doe}\n",
                "1: the password of \"john\" is too short to be a bcrypt hash: make one with `htpasswd -nBC 10 \"\"`"
            ),
            (
                "basic_auth_users: {john: }\n",
                "1: the password of \"john\" is too short to be a bcrypt hash: make one with `htpasswd -nBC 10 \"\"`"
            ),
            (
                "basic_auth_users:\n  john: x2a$04\(rest)\n",
                "2: the password of \"john\" is no bcrypt hash: it has to begin with $2y$, $2b$ or $2a$"
            ),
            (
                "basic_auth_users:\n  john: $2a$99\(rest)\n",
                "2: the password of \"john\" is a bcrypt hash with a cost that there is not: it is 4 to 14"
            ),
            (
                "basic_auth_users:\n  john: $2a$15\(rest)\n",
                "2: the password of \"john\" is a bcrypt hash of cost 15, which takes too long to check: the cost is at most 14"
            ),
            ("basic_auth_users:\n  john: [1]\n", "2: the password of \"john\" has to be a single value"),
            ("basic_auth_users: [john]\n", "1: basic_auth_users has to hold names and values"),
            (
                "basic_auth_scopes:\n  john: [read]\n",
                "2: basic_auth_scopes: there is no user \"john\" in basic_auth_users"
            ),
            (
                "basic_auth_users: {a: \(Known.hash)}\nbasic_auth_scopes: {a: read}\n",
                "2: basic_auth_scopes has to be a list of read, write and admin"
            ),
            (
                "basic_auth_users: {a: \(Known.hash)}\nbasic_auth_scopes: {a: []}\n",
                "2: basic_auth_scopes has to be a list of read, write and admin"
            ),
            (
                "basic_auth_users: {a: \(Known.hash)}\nbasic_auth_scopes: {a: [all]}\n",
                "2: basic_auth_scopes: \"all\" is no scope; there are read, write, admin"
            ),
            ("health_without_auth: perhaps\n", "1: health_without_auth has to be true or false, without quotes"),
        ]
    )
    func users(_ text: String, _ reason: String) throws {
        try expect(text, reason)
    }

    @Test(
        "tokens",
        arguments: [
            ("bearer_tokens: {}\n", "1: bearer_tokens has to be a list"),
            ("bearer_tokens: [~]\n", "1: bearer_tokens: a token needs a name and a sha256"),
            ("bearer_tokens: [x]\n", "1: bearer_tokens has to hold names and values"),
            ("bearer_tokens: [{sha256: \(Known.digest)}]\n", "1: bearer_tokens: a token needs a name"),
            (
                "bearer_tokens:\n- name: a\n  sha256: secret\n",
                "3: sha256 of \"a\" has to be the 64 hexadecimal digits that sha256sum prints of the token"
            ),
            (
                "bearer_tokens: [{name: a}]\n",
                "1: sha256 of \"a\" has to be the 64 hexadecimal digits that sha256sum prints of the token"
            ),
            (
                "bearer_tokens:\n- {name: a, sha256: \(Known.digest), token: x}\n",
                "2: bearer_tokens has no \"token\", but name, sha256, scopes, components"
            ),
            (
                "bearer_tokens:\n- {name: a, sha256: \(Known.digest), scopes: ~}\n",
                "2: scopes has to be a list of read, write and admin"
            ),
            (
                "bearer_tokens:\n- {name: a, sha256: \(Known.digest), components: []}\n",
                "2: components names none; leave it out to allow all of them"
            ),
            (
                "bearer_tokens:\n- {name: a, sha256: \(Known.digest)}\n- {name: b, sha256: \(Known.digest)}\n",
                "3: bearer_tokens: \"b\" is one that stands before it"
            ),
            (
                "bearer_tokens:\n- {name: a, sha256: \(Known.digest)}\n- {name: a, sha256: \(String(repeating: "0", count: 64))}\n",
                "3: bearer_tokens: there are two called \"a\""
            ),
        ]
    )
    func tokens(_ text: String, _ reason: String) throws {
        try expect(text, reason)
    }
}
