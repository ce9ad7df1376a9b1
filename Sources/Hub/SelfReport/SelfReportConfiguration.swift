/// What the hub reports of itself, and how often.
package struct SelfReportConfiguration: Sendable, Hashable {
    /// The component that the hub is.
    package var name = "noetl-server"
    package var interval = Duration.seconds(60)

    package init() {}
}
