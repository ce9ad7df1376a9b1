import AsyncHTTP

/// Tells systemd how the service is doing (sd_notify(3)). Does nothing when nobody asked to be told.
package struct ServiceNotifier: Sendable {
    private let address: String?

    /// - Parameter address: the value of `NOTIFY_SOCKET`: a path, or an abstract name that begins with `@`.
    package init(address: String?) {
        self.address = address
    }

    package func ready() { send("READY=1") }

    package func stopping() { send("STOPPING=1") }

    private func send(_ state: String) {
        if let address { _ = UnixDatagram.send(Array(state.utf8), to: address) }
    }
}
