package import AsyncHTTP

/// By what a client makes itself known to its server.
package struct CredentialsConfiguration: Sendable, Hashable {
    package var user: String?
    package var password: SecretSource?
    package var token: SecretSource?
    package var fields: [SecretField] = []
    package var fieldFiles: [SecretField] = []
    /// A longer file is none with a secret.
    package var longestFile = ByteCount.kibibytes(64)
    /// Between two looks at the files.
    package var lookInterval = Duration.seconds(1)

    package init() {}
}
