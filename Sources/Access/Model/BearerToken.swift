package import Digests

/// Somebody with a random token, of which only the digest is kept.
package struct BearerToken: Sendable {
    package let name: String
    package let digest: Digest
    package let scopes: Set<Scope>
    /// Of which components it may speak; nil is of all.
    package let components: [Glob]?

    package init(name: String, digest: Digest, scopes: Set<Scope> = [.read], components: [Glob]? = nil) {
        self.name = name
        self.digest = digest
        self.scopes = scopes
        self.components = components
    }
}
