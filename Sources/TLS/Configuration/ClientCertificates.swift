/// What a server wants of its peers' certificates, by the names that Prometheus' web configuration gives it.
package enum ClientCertificates: String, Sendable, Hashable, CaseIterable {
    case none = "NoClientCert"
    /// Asked for; whatever comes, or does not, is let in.
    case requested = "RequestClientCert"
    /// There must be one; nobody looks who has signed it.
    case required = "RequireAnyClientCert"
    /// One that comes must be good.
    case verifiedIfGiven = "VerifyClientCertIfGiven"
    case requiredAndVerified = "RequireAndVerifyClientCert"

    /// Whether a peer can do without one.
    package var isOptional: Bool { self == .none || self == .requested || self == .verifiedIfGiven }

    /// Whether it must have been signed by an authority that the server knows.
    package var isVerified: Bool { self == .verifiedIfGiven || self == .requiredAndVerified }
}
