/// What a server shows its peers, whom it lets in, and what it speaks with them.
package struct TLSServerConfiguration: Sendable, Hashable {
    package var certificate: PEMSource
    package var key: PEMSource
    package var clients = ClientCertificates.none
    /// Who signs the certificates of those who may come.
    package var clientAuthorities: PEMSource?
    /// A client's certificate must have one of these alternative names; nil lets all in.
    package var allowedNames: [String]?
    package var leastVersion = TLSVersion.tls12
    package var greatestVersion = TLSVersion.tls13
    /// For versions up to 1.2, in the order in which they are preferred; empty is a good choice of them.
    package var cipherSuites: [TLSCipherSuite] = []
    package var prefersOwnOrder = true
    /// In the order in which they are preferred; empty is a good choice of them.
    package var curves: [TLSCurve] = []

    package init(certificate: PEMSource, key: PEMSource) {
        self.certificate = certificate
        self.key = key
    }
}
