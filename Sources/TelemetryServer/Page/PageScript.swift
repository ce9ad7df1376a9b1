/// A script that a page has in itself. A browser runs it because the Content-Security-Policy has its hash, and runs no other.
package struct PageScript: Sendable, Hashable {
    package let text: String
    /// SHA-256 in Base64. There is nothing here that could compute it: a test says what it has to be.
    package let hash: String

    package init(text: String, hash: String) {
        self.text = text
        self.hash = hash
    }
}
