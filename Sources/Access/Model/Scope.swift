package import AsyncHTTP

/// What somebody may do. None of them includes another.
package enum Scope: String, Sendable, Hashable, CaseIterable {
    /// Queries, metrics, pages.
    case read
    /// Reports and pushes, and taking back what was pushed.
    case write
    /// Wiping, reloading.
    case admin

    /// Where a program reads its files again.
    package static let reloadPath = "/-/reload"

    /// What a request needs where the program has no rule of its own.
    package static func needed(for head: RequestHead) -> Scope {
        switch head.method {
        case .get, .head, .options: .read
        // A router decodes a path before it compares it.
        default: head.target.decodedPath == reloadPath ? .admin : .write
        }
    }
}
