package import AsyncHTTP

/// Whom an authoriser has recognised.
package struct KnownCaller: Caller, Hashable {
    package let name: String
    package let scopes: Set<Scope>
    private let components: [Glob]?

    package init(_ user: BasicUser) {
        (name, scopes, components) = (user.name, user.scopes, nil)
    }

    package init(_ token: BearerToken) {
        (name, scopes, components) = (token.name, token.scopes, token.components)
    }

    /// Whether it may speak of that component.
    package func mayUse(_ component: String) -> Bool {
        components?.contains { $0.matches(component) } ?? true
    }
}

extension Request {
    /// Whom an authoriser has recognised; nil where nobody has to say who they are.
    package var knownCaller: KnownCaller? { caller as? KnownCaller }
}
