import AsyncHTTP
public import Telemetry

extension MetricsServer {
    /// A server on a thread of its own. It serves until `stop`, or for as long as the program runs.
    public struct Background: Sendable {
        /// What is running, for its port and addresses.
        public let server: MetricsServer
        private let thread: BackgroundLoop

        fileprivate init(_ server: MetricsServer, _ thread: BackgroundLoop) {
            self.server = server
            self.thread = thread
        }

        /// Answers what has been asked, closes the sockets and ends the thread.
        public func stop() {
            server.shutdown()
            thread.join()
        }
    }

    /// Starts a server beside the program: nothing in it has to be async, and nothing waits for a scrape.
    ///
    /// - Parameter address: such as `:9100` (every interface) or `127.0.0.1:9100`.
    public static func start(
        _ registry: Registry,
        on address: String,
        options: Options = Options()
    ) throws -> Background {
        let thread = try BackgroundLoop()
        let server = try MetricsServer(
            registry,
            listeningOn: [try ListenAddress(parsing: address)],
            loops: [thread.loop],
            options: options
        )
        try thread.start {
            do {
                try await server.run()
            } catch {
                options.failed(error)
            }
        }
        return Background(server, thread)
    }
}
