import AsyncHTTP
import JSON

@testable import Hub

/// What is to be said of a hub, as page and JSON say it.
struct ShownHub {
    /// The component that is the hub itself.
    static let own = Component(type: "server_api", name: "noetl-server")

    var known: [KnownComponent] = [.reporting(own)]
    var store = HubStatus.Stored(kind: "sqlite", size: .mebibytes(3))
    var history: FollowedHistory?
    var recent = ReportActivity.Recent(time: .seconds(300))
    var phase = HubStatus.Phase.running
    var subject: HubSubject

    init(_ change: (inout ShownHub) -> Void = { _ in }) {
        subject = HubSubject(own: Self.own, store: StoreConfiguration(), limits: LatestLimits())
        subject.host = "runner-7"
        subject.paths = ["/metrics"]
        change(&self)
    }

    /// A database that is written as it should be, but for a change.
    mutating func follows(_ change: (inout FollowerStatus) -> Void = { _ in }) {
        var follower = FollowerStatus()
        follower.isConnected = true
        follower.written.rows = 1200
        change(&follower)
        history = FollowedHistory(name: "postgres", database: "db/history", follower: follower)
    }

    var status: HubStatus {
        HubStatus(subject, known, store, history, recent, phase, uptime: .seconds(90_000), at: arrival)
    }

    var html: String { HubStatusPage.html(status) }

    /// Numbers of components are longer than those of JSON's reader; what a test compares is not.
    func json() throws -> JSONValue { try JSONReader().read(HubStatusDocument.json(status)) }
}

extension KnownComponent {
    static func reporting(
        _ component: Component,
        series: Int = 1,
        rejected: UInt64 = 0,
        before age: Int64 = 12_000
    ) -> KnownComponent {
        let account = ComponentAccount(
            component: component,
            runtimeID: component.runtimeID,
            lastReport: arrival - age,
            series: series,
            reports: 7,
            rejected: rejected
        )
        return KnownComponent(component: component, isRegistered: false, account: account)
    }

    static func reporting(_ name: String, series: Int = 1, rejected: UInt64 = 0) -> KnownComponent {
        reporting(Component(type: "t", name: name), series: series, rejected: rejected)
    }

    /// One that is registered, and has never reported.
    static func silent(_ name: String) -> KnownComponent {
        KnownComponent(component: Component(type: "t", name: name), isRegistered: true, account: nil)
    }
}
