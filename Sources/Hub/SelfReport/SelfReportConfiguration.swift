/// What the hub reports of itself, and how often.
package struct SelfReportConfiguration: Sendable, Hashable {
    /// The component that the hub is.
    package var name = "noetl-server"
    package var interval = Duration.seconds(60)

    package init() {}

    /// What the hub is among components.
    package var component: Component { Self.component(named: name) }

    static func component(named name: String) -> Component { Component(type: "server_api", name: name) }
}
