import Synchronization

/// Who is registered, and whether only those may report.
package final class Registration: Sendable {
    package let isStrict: Bool
    private let limit: Int
    private let registered = Mutex<Set<Component>>([])

    /// - Parameters:
    ///   - isStrict: whether only registered components may report.
    ///   - limit: how many there may be.
    package init(isStrict: Bool, limit: Int) {
        self.isStrict = isStrict
        self.limit = limit
    }

    package func mayReport(_ component: Component) -> Bool { !isStrict || holds(component) }

    package func holds(_ component: Component) -> Bool { registered.withLock { $0.contains(component) } }

    /// - Returns: whether there was a place for it.
    @discardableResult
    package func add(_ component: Component) -> Bool {
        registered.withLock { registered in
            guard registered.count < limit || registered.contains(component) else { return false }
            registered.insert(component)
            return true
        }
    }

    /// - Returns: whether it was there.
    @discardableResult
    package func remove(_ component: Component) -> Bool { registered.withLock { $0.remove(component) != nil } }

    package var isFull: Bool { registered.withLock { $0.count >= limit } }

    package var all: Set<Component> { registered.withLock { $0 } }
}
