package import AsyncHTTP
package import Flags
package import Service
package import TLS

/// By what a program makes itself known to one server that it asks, and whom it believes to be that server.
package struct ClientAccess: Sendable, Hashable {
    package var tls = TLSClientConfiguration()
    package var credentials = CredentialsConfiguration()

    package init() {}
}

/// The flags of an access, by what their names begin with.
package struct ClientAccessFlags: Sendable {
    private let prefix: String
    private let variables: String
    private let credentials: CredentialFlags

    /// - Parameter variables: what the names of their variables begin with.
    package init(_ prefix: String, variables: String) {
        self.prefix = prefix
        self.variables = variables
        credentials = CredentialFlags(prefix, variables: variables)
    }

    package var flags: [Flag<ClientAccess>] {
        TLSClientConfiguration.flags(prefix, variables: variables).map { $0.within(\.tls) }
            + credentials.login.map { $0.within(\.credentials) }
    }

    /// What does not go together.
    package func conflicts<Configuration>(
        in invocation: Invocation<Configuration>,
        _ access: ClientAccess
    ) -> [UsageError] {
        TLSClientConfiguration.conflicts(prefix) { invocation.source(of: $0) }
            + credentials.conflicts(in: invocation, access.credentials)
    }

    /// Encrypts the way to a server that is reached by https.
    package func security(
        _ access: ClientAccess,
        to endpoint: ClientEndpoint,
        isSecure: Bool,
        renewed: @escaping @Sendable (TLSError?) -> Void = { _ in }
    ) -> StreamSecurity? {
        guard isSecure else { return nil }
        return ClientTLS(access.tls, remedy: "set --\(prefix)tls-ca-file", renewed: renewed).security(to: endpoint)
    }

    /// The fields of each request that make us known, as files have them now.
    package func fields(_ access: ClientAccess) -> @Sendable () async throws -> HeaderFields {
        let reader = CredentialReader(access.credentials, credentials)
        return { try await reader.credentials(at: .now).added(to: HeaderFields()) }
    }
}
