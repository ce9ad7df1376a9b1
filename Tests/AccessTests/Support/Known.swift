import AsyncHTTP

@testable import Access

/// What many tests log in with. All hashes are of cost 4, made with Go's bcrypt.
enum Known {
    static let password = "correct horse"
    static let hash = "$2a$04$txH.K5j3g4xSa9uMAwTw9ecGjXAoU4FEYtkQchZMueAFzIcojurF."
    /// Of the token `0123456789abcdef`.
    static let digest = "9f9f5111f7b27a781f1f1ddde5ebc2dd2b796bfc7365c9c28b548e564176929f"
    static let token = "0123456789abcdef"

    static func user(_ name: String, _ scopes: Set<Scope> = [.read], hash: String = hash) throws -> BasicUser {
        BasicUser(name: name, hash: try PasswordHash(hash), scopes: scopes)
    }

    static func rules(_ change: (inout AccessRules) throws -> Void) rethrows -> AccessRules {
        var rules = AccessRules()
        try change(&rules)
        return rules
    }

    /// One user, who may read.
    static func alice() throws -> AccessRules { try rules { $0.users = [try user("alice")] } }

    /// The value of `Authorization`.
    static func basic(_ user: String, _ password: String) -> String {
        "Basic \(Base64.encode(Array("\(user):\(password)".utf8)))"
    }
}
