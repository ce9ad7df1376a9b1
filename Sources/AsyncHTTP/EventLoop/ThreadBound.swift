/// A value that one thread alone may touch, carried by objects that any thread may hold.
///
/// `@unchecked Sendable` because every access checks that it comes from the thread that has claimed it; the one that made
/// the value keeps no other way to it.
package final class ThreadBound<Value>: @unchecked Sendable {
    private let stored: Value
    private let owner: ThreadIdentityCell

    init(_ value: sending Value, owner: ThreadIdentityCell) {
        stored = value
        self.owner = owner
    }

    package var value: Value {
        precondition(owner.isCurrent, "a loop's state was touched from another thread")
        return stored
    }
}
