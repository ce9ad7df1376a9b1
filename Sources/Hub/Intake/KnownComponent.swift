/// A component that has reported lately or is registered.
struct KnownComponent: Sendable {
    let component: Component
    let isRegistered: Bool
    /// Nil when it has not reported, or so long ago that it is forgotten.
    let account: ComponentAccount?

    var runtimeID: Int64 { account?.runtimeID ?? component.runtimeID }
    var state: ComponentState { (account?.series ?? 0) > 0 ? .reporting : .silent }
    var series: Int { account?.series ?? 0 }
    var reports: UInt64 { account?.reports ?? 0 }
    /// Samples that were left out.
    var rejected: UInt64 { account?.rejected ?? 0 }

    /// All of them, in no order.
    static func all(_ latest: Latest, _ registration: Registration) -> [KnownComponent] {
        let (accounts, registered) = (latest.components(), registration.all)
        let silent = registered.subtracting(accounts.map(\.component))
        return accounts.map {
            KnownComponent(component: $0.component, isRegistered: registered.contains($0.component), account: $0)
        } + silent.map { KnownComponent(component: $0, isRegistered: true, account: nil) }
    }
}

/// Whether a component says anything.
enum ComponentState: String, Sendable, CaseIterable {
    /// It has series that are exported.
    case reporting
    /// What it said has expired, or it has not said anything.
    case silent
}

extension KnownComponent {
    /// How long ago its last report was; never less than nothing, however clocks are set.
    ///
    /// - Parameter now: milliseconds since 1970.
    func age(at now: Int64) -> Duration? {
        account.map { .milliseconds(max(0, now.subtractingReportingOverflow($0.lastReport).partialValue)) }
    }
}
