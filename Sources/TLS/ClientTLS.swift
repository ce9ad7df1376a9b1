package import AsyncHTTP

/// TLS for a client's connections. Its files are read with the first one, and again when they have changed.
package final class ClientTLS: Sendable {
    private let contexts: ContextStore
    private let configuration: TLSClientConfiguration
    private let make: ContextStore.Make

    /// - Parameters:
    ///   - remedy: what to do on a machine that believes nobody.
    ///   - renewed: told each time when files have changed: nil, or what is wrong with them. The last good ones stand.
    package init(
        _ configuration: TLSClientConfiguration = TLSClientConfiguration(),
        remedy: String = "name a CA file",
        renewed: @escaping @Sendable (TLSError?) -> Void = { _ in }
    ) {
        self.configuration = configuration
        let make: ContextStore.Make = { files throws(TLSError) in
            try TLSContext.client(configuration, remedy, &files)
        }
        self.make = make
        contexts = ContextStore(renewed: renewed, make: make)
    }

    /// Reads the files now, for whoever wants to know beforehand what is wrong with them. It blocks.
    package func read() throws(TLSError) {
        try contexts.replace(make)
    }

    /// What encrypts connections to a server.
    package func security(to endpoint: ClientEndpoint) -> StreamSecurity {
        let name = configuration.serverName ?? endpoint.host ?? "localhost"
        let side = TLSLayer.Side.client(name: name, verifies: !configuration.skipsVerification)
        return StreamSecurity { [contexts] loop, use in
            contexts.lease(on: loop) { result in use(StreamSecurity.layer(of: result, side)) }
        }
    }
}

extension ClientEndpoint {
    fileprivate var host: String? {
        if case .internet(let host, _) = self { host } else { nil }
    }
}

extension StreamSecurity {
    /// The layer of a connection, if there is a context for it.
    static func layer(
        of context: Result<TLSContext, TLSError>,
        _ side: TLSLayer.Side
    ) -> Result<any StreamLayer, Problem> {
        do throws(TLSError) {
            return .success(try TLSLayer(try context.get(), side))
        } catch {
            return .failure(Problem("\(error)"))
        }
    }
}
