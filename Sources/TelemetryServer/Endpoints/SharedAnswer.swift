package import AsyncHTTP
import Cache

/// An answer that takes long to make. It is made on a loop that serves nobody, when somebody asks and the last one is of another
/// moment; whoever asks meanwhile gets the same, and whoever asks later finds it finished.
package actor SharedAnswer<Moment: Equatable & Sendable> {
    private struct Made: Sendable {
        let moment: Moment
        let answer: PreparedResponse
    }

    private nonisolated let loop: EventLoop
    private nonisolated let latest = SnapshotCell<Made?>(nil)
    private nonisolated let moment: @Sendable () -> Moment
    private let make: @Sendable () throws -> PreparedResponse

    /// - Parameters:
    ///   - moment: what the answer would be of now; asked for each request, on a serving loop.
    ///   - loop: where it is made.
    package init(
        of moment: @escaping @Sendable () -> Moment,
        on loop: EventLoop,
        make: @escaping @Sendable () throws -> PreparedResponse
    ) {
        self.moment = moment
        self.loop = loop
        self.make = make
    }

    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.unownedExecutor }

    /// The answer of this moment.
    package nonisolated func answer() async throws -> PreparedResponse {
        if let made = latest.read(), made.moment == moment() { return made.answer }
        return try await renewed()
    }

    private func renewed() throws -> PreparedResponse {
        let moment = moment()
        // Somebody who asked before may have had it made.
        if let made = latest.read(), made.moment == moment { return made.answer }
        let answer = try make()
        latest.publish(Made(moment: moment, answer: answer))
        return answer
    }
}
