public import AsyncHTTP

/// Tests what a server answers, without a socket: a handler, the limits, and a connection in memory.
public struct HandlerTest: Sendable {
    /// How the peer ends after its last byte.
    public enum End: Sendable, Hashable, CaseIterable {
        /// It says that it has finished, and reads on.
        case finishes
        /// It says nothing more, and reads until the server has closed.
        case waits
        /// It vanishes.
        case vanishes
    }

    /// What there is to see when a connection is over.
    public struct Transcript: Sendable {
        /// Everything that the server has answered.
        public var answer: [UInt8] = []
        /// The server has broken off, so that the peer knows that it has not seen everything.
        public var isReset = false
        /// It was not over after ten seconds, and the peer gave up.
        public var isStuck = false
        /// What the server has counted.
        public var statistics = ServerStatistics()

        /// What was answered as text, without the lines that change from second to second.
        public var datelessText: String {
            String(decoding: answer, as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false)
                .filter { !$0.hasPrefix("Date: ") }.joined(separator: "\r\n")
        }
    }

    let limits: ServerLimits
    let middleware: [any Middleware]
    let standing: StandingAnswers?
    let handler: RequestHandler
    /// What both ends encrypt with; nil when they do not.
    package var security: (server: StreamSecurity, peer: StreamSecurity)?

    /// - Parameters:
    ///   - middleware: who is asked before the handler.
    ///   - standing: what is answered without the handler.
    ///   - handler: what answers, such as a router's `handle`.
    public init(
        limits: ServerLimits = ServerLimits(),
        middleware: [any Middleware] = [],
        standing: StandingAnswers? = nil,
        handler: @escaping RequestHandler
    ) {
        self.limits = limits
        self.middleware = middleware
        self.standing = standing
        self.handler = handler
    }

    /// Sends bytes as a peer would, and returns everything that the server answers until it closes the connection.
    public func exchange(
        _ request: [UInt8],
        over conditions: NetworkConditions = NetworkConditions(),
        end: End = .finishes
    ) throws -> [UInt8] {
        try transcript(of: request, over: conditions, end: end).answer
    }

    /// The same for text; what is answered is read as UTF-8.
    public func exchange(
        _ request: String,
        over conditions: NetworkConditions = NetworkConditions(),
        end: End = .finishes
    ) throws -> String {
        String(decoding: try exchange(Array(request.utf8), over: conditions, end: end), as: UTF8.self)
    }

    /// What the server has counted when the connection is over.
    public func statistics(
        after request: [UInt8],
        over conditions: NetworkConditions = NetworkConditions(),
        end: End = .finishes
    ) throws -> ServerStatistics {
        try transcript(of: request, over: conditions, end: end).statistics
    }

    /// Sends bytes as a peer would, and returns what there was to see.
    public func transcript(
        of request: [UInt8],
        over conditions: NetworkConditions = NetworkConditions(),
        end: End = .finishes
    ) throws -> Transcript {
        var transcript = Transcript()
        try transcripts(of: request, over: [conditions], end: end) { _, seen in transcript = seen }
        return transcript
    }

    /// The same over one network after the other, until one is stuck, each on a connection of its own.
    /// All of them share a loop, which is faster.
    public func transcripts(
        of request: [UInt8],
        over networks: [NetworkConditions],
        end: End = .finishes,
        _ see: (NetworkConditions, Transcript) throws -> Void
    ) throws {
        let transcripts = try withEventLoops { group in
            var transcripts: [Transcript] = []
            for network in networks {
                let exchange = MemoryExchange(self, over: network, on: group.first)
                transcripts.append(await exchange.run(request, end))
                if transcripts.last?.isStuck ?? false { break }
            }
            return transcripts
        }
        for (network, transcript) in zip(networks, transcripts) { try see(network, transcript) }
    }
}
