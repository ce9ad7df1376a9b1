public import AsyncHTTP
import Cache
import Synchronization
public import Telemetry

extension ReportClient {
    /// A client on a thread of its own. It goes on until `stop`, or for as long as the program runs.
    public struct Background: Sendable {
        /// What is running, for events and statistics.
        public let client: ReportClient
        private let thread: BackgroundLoop
        private let end: End

        fileprivate init(_ client: ReportClient, _ thread: BackgroundLoop, _ end: End) {
            self.client = client
            self.thread = thread
            self.end = end
        }

        /// Reports once more, sends what waits for at most so long, and ends the thread.
        public func stop(within time: Duration = .seconds(2)) {
            end.ask(within: time)
            thread.join()
        }
    }

    /// Asked for from any thread, once.
    fileprivate final class End: Sendable {
        private let bell = Bell()
        private let time = Mutex(Duration.zero)

        func ask(within time: Duration) {
            self.time.withLock { $0 = time }
            bell.ring()
        }

        /// Returns when it has been asked for, with the time that is left.
        func wait() async -> Duration {
            await bell.wait()
            return time.withLock { $0 }
        }
    }

    /// Starts a client beside the program: nothing in it has to be async, and nothing waits for a hub.
    ///
    /// - Parameters:
    ///   - security: encrypts, for a hub that is reached by https.
    ///   - source: what the program says of itself, read on the client's thread at each interval, such as `registry.gather`;
    ///     nil for events alone.
    ///   - fields: fields that make the program known, such as `Authorization`; asked for before each request.
    ///   - failed: told on the client's thread of everything that was not taken; nil writes a line on standard error,
    ///     the same at most once a minute.
    /// - Throws: also when the hub is to be reached by https, and nothing encrypts.
    public static func start(
        _ configuration: ReportConfiguration,
        to hub: HubURL,
        security: StreamSecurity? = nil,
        source: (@Sendable () -> [MetricFamily])? = nil,
        fields: @escaping @Sendable () async throws -> HeaderFields = { HeaderFields() },
        failed: (@Sendable (ReportFailure) -> Void)? = nil
    ) throws -> Background {
        guard !hub.isSecure || security != nil else { throw UnencryptedHub(hub) }
        let (thread, end) = (try BackgroundLoop(), End())
        let connection = HTTPClient(hub.endpoint, on: thread.loop, security: security)
        let client = ReportClient(
            configuration,
            through: connection,
            target: hub.target("/api/metrics/report"),
            on: thread.loop,
            source: source,
            fields: fields,
            failed: failed ?? ReportFailure.said()
        )
        try thread.start {
            await withDiscardingTaskGroup { group in
                group.addTask { await client.run() }
                await client.flush(within: await end.wait())
                group.cancelAll()
            }
            await connection.close()
        }
        return Background(client, thread, end)
    }
}

/// A hub that is to be reached by https, without anything that encrypts: reports, and passwords, would be sent in the clear.
public struct UnencryptedHub: Error, Sendable, CustomStringConvertible {
    /// Which hub, and what to do.
    public let description: String

    init(_ hub: HubURL) {
        description = "\(hub): nothing encrypts; give a security, or report by http to a proxy on this machine"
    }
}
