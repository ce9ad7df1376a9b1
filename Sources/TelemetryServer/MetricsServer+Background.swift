import AsyncHTTP
public import Telemetry

extension MetricsServer {
    /// A server on threads of its own, one that renders and one that serves. It goes on until `stop`, or for as long as the
    /// program runs.
    public struct Background: Sendable {
        /// What is running, for its port and addresses.
        public let server: MetricsServer
        private let thread: BackgroundLoop

        fileprivate init(_ server: MetricsServer, _ thread: BackgroundLoop) {
            self.server = server
            self.thread = thread
        }

        /// Answers what has been asked, closes the sockets and ends the thread that serves. The other ends when what it
        /// renders is finished; a collector that takes long holds nobody up.
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
        let (rendering, serving) = (try BackgroundLoop(), try BackgroundLoop())
        let server = try MetricsServer(
            registry,
            listeningOn: [try ListenAddress(parsing: address)],
            rendering: rendering.loop,
            serving: [serving.loop],
            options: options
        )
        try rendering.start { await server.render() }
        try serving.start {
            do {
                try await server.serve()
            } catch {
                options.failed(error)
            }
        }
        return Background(server, serving)
    }
}
