/// A component that has reported, and its account.
struct HeldComponent: Sendable {
    let component: Component
    let runtimeID: Int64
    /// Never given to another component.
    let identifier: UInt64
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
    /// Where the series stands that will be reported next if everything is as before.
    private var next: Int32 = 0

    init(_ component: Component, identifier: UInt64, arrived: Int64, expiry: Int64) {
        self.component = component
        runtimeID = component.runtimeID
        self.identifier = identifier
        lastReport = arrived
        self.expiry = expiry
    }

    /// The series after the last one that was found: most components report the same again and again, in the same order.
    var expected: Int32? {
        guard !series.isEmpty else { return nil }
        let place = Int(next) % series.count
        let number = series[place]
        return number == lastReportSeries ? series[(place + 1) % series.count] : number
    }

    /// Notes that the series at that place was found.
    mutating func expect(after place: Int32) { next = place &+ 1 }
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
