/// Whom a middleware has recognised behind a request.
public protocol Caller: Sendable {
    /// What the owner of the server calls them. No secret.
    var name: String { get }
}
