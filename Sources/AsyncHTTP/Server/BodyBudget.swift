import Synchronization

/// What may be kept of bodies that are still on their way, over all connections of those who share it.
///
/// A body may become as long as what is then left for all others. So long ones that come slowly, or never end, leave room for
/// short ones, however many they are.
public final class BodyBudget: Sendable {
    private let limit: Int
    private let sum = Atomic<Int>(0)

    /// - Parameter limit: of all bodies; a single one may have half of it.
    public init(_ limit: ByteCount) {
        self.limit = limit.bytes
    }

    /// Charges a piece of a body.
    ///
    /// - Parameter before: the length of the body without it.
    /// - Returns: false when that is more than its share. Nothing is charged then.
    func charge(_ piece: Int, after before: Int) -> Bool {
        let total = sum.wrappingAdd(piece, ordering: .relaxed).newValue
        if before + piece <= limit - total { return true }
        sum.wrappingSubtract(piece, ordering: .relaxed)
        return false
    }

    /// Charges a body that has arrived, for as long as it is kept.
    ///
    /// - Returns: false when that is more than its share. Nothing is charged then.
    package func keep(_ bytes: Int) -> Bool { charge(bytes, after: 0) }

    /// A body has arrived, or will not, or is not kept any more.
    package func release(_ bytes: Int) {
        sum.wrappingSubtract(bytes, ordering: .relaxed)
    }
}
