/// Whom a client believes, and what it shows of itself.
package struct TLSClientConfiguration: Sendable, Hashable {
    /// Who signs the certificates of servers; nil is whom the system believes.
    package var authorities: PEMSource?
    package var certificate: PEMSource?
    package var key: PEMSource?
    /// The name that the server's certificate must have; nil is the one by which it is reached.
    package var serverName: String?
    /// Anybody may be the server. Whoever allows it is to say so.
    package var skipsVerification = false

    package init() {}
}
