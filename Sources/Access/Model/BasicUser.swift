/// Somebody with a name and a password.
package struct BasicUser: Sendable {
    package let name: String
    package let hash: PasswordHash
    package let scopes: Set<Scope>

    package init(name: String, hash: PasswordHash, scopes: Set<Scope> = [.read]) {
        self.name = name
        self.hash = hash
        self.scopes = scopes
    }
}
