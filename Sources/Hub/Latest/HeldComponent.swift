/// A component that has reported, and its account.
struct HeldComponent: Sendable {
    let component: Component
    let runtimeID: Int64
    /// The series that say when it reported last: the hub's own.
    var lastReportSeries: Int32 = -1
    /// Its own.
    var series: [Int32] = []
    /// When a report of it was kept last.
    var lastReport: Int64
    /// Until when it is remembered without series.
    var expiry: Int64
    var reports: UInt64 = 0
    var rejected: UInt64 = 0
}

/// What is told about a component.
package struct ComponentAccount: Sendable {
    package let component: Component
    package let runtimeID: Int64
    /// Milliseconds since 1970.
    package let lastReport: Int64
    /// How many are exported, or about to be.
    package let series: Int
    package let reports: UInt64
    /// Samples that were left out.
    package let rejected: UInt64
}
