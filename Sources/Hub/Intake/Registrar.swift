package import AsyncHTTP

/// Registers components and takes them from the register, one after the other: the disk first, so that memory says what is kept.
package actor Registrar {
    private nonisolated let loop: EventLoop
    private let registration: Registration
    private let store: any Store
    private let latest: Latest
    private var isBusy = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    package init(_ registration: Registration, _ store: any Store, _ latest: Latest, on loop: EventLoop) {
        self.registration = registration
        self.store = store
        self.latest = latest
        self.loop = loop
    }

    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.unownedExecutor }

    /// - Returns: whether there was a place for it. One that nobody has heard of for long gives its place away.
    package func register(_ component: Component, at moment: Int64) async throws -> Bool {
        await begin()
        defer { end() }
        if registration.isFull, !registration.holds(component) {
            guard let silent = silent() else { return false }
            try await store.deregister(silent)
            registration.remove(silent)
        }
        try await store.register(component, at: moment)
        return registration.add(component)
    }

    package func deregister(_ component: Component) async throws {
        await begin()
        defer { end() }
        try await store.deregister(component)
        registration.remove(component)
    }

    private func silent() -> Component? {
        registration.all.subtracting(latest.components().map(\.component)).first
    }

    private func begin() async {
        guard isBusy else {
            isBusy = true
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    private func end() {
        if waiting.isEmpty {
            isBusy = false
        } else {
            waiting.removeFirst().resume()
        }
    }
}
