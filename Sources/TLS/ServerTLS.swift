package import AsyncHTTP

/// TLS for a server's connections. A certificate that is renewed in its file is shown from the next handshake on.
package final class ServerTLS: Sendable {
    private let contexts: ContextStore

    /// Reads everything now.
    ///
    /// - Parameter renewed: told each time when files have changed: nil, or what is wrong with them. The last good ones stand.
    package init(
        _ configuration: TLSServerConfiguration,
        renewed: @escaping @Sendable (TLSError?) -> Void = { _ in }
    ) throws(TLSError) {
        contexts = ContextStore(renewed: renewed, make: Self.maker(of: configuration))
        try contexts.replace(Self.maker(of: configuration))
    }

    /// What holds for new connections from now on; when it is wrong, nothing changes.
    package func replace(with configuration: TLSServerConfiguration) throws(TLSError) {
        try contexts.replace(Self.maker(of: configuration))
    }

    /// When the certificate that is shown ends, in seconds since 1970.
    package var endOfValidity: Int64? { contexts.current?.endOfValidity }

    package var security: StreamSecurity {
        StreamSecurity { [contexts] loop, use in
            contexts.lease(on: loop) { result in use(StreamSecurity.layer(of: result, .server)) }
        }
    }

    private static func maker(of configuration: TLSServerConfiguration) -> ContextStore.Make {
        { files throws(TLSError) in try TLSContext.server(configuration, &files) }
    }
}
