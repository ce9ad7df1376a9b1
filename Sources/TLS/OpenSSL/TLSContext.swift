import COpenSSL

/// What connections are made from: certificates, a key, and what is spoken. Made once, then only read.
///
/// `@unchecked Sendable` because nothing changes it after it has been made, and OpenSSL counts who holds it with atomics.
@safe final class TLSContext: @unchecked Sendable {
    let pointer: OpaquePointer
    /// When the own certificate ends, in seconds since 1970; nil when there is none.
    private(set) var endOfValidity: Int64?
    /// Peers that have a certificate have proven to be who it says.
    var provesPeers: Bool { policy?.isVerified ?? false }
    /// Kept for the callbacks that look at it.
    private var policy: PeerPolicy?

    init(_ method: OpaquePointer?) throws(TLSError) {
        guard OpenSSL.isReady, let pointer = unsafe SSL_CTX_new(method) else {
            throw TLSError(nil, "OpenSSL cannot be started: \(OpenSSL.takeErrors())")
        }
        unsafe self.pointer = pointer
        ERR_clear_error()
    }

    deinit {
        unsafe SSL_CTX_free(pointer)
    }

    /// What holds on either side.
    func setUp(from least: TLSVersion, to greatest: TLSVersion) throws(TLSError) {
        // Old versions sign with SHA-1, which only the lowest level allows.
        unsafe SSL_CTX_set_security_level(pointer, least < .tls12 ? 0 : 1)
        try require(unsafe copenssl_set_versions(pointer, least.number, greatest.number), "no such versions")
        unsafe copenssl_set_up(pointer)
    }

    /// Shows a certificate, with those that lead from it to an authority.
    func show(_ certificates: PEM, _ key: PEM) throws(TLSError) {
        let chain = try certificates.certificates()
        guard let own = chain.first else { throw TLSError(certificates.path, "no certificate is in it") }
        let secret = try key.key()
        try require(
            unsafe SSL_CTX_use_certificate(pointer, own.pointer),
            "the certificate is refused",
            certificates.path
        )
        for other in chain.dropFirst() {
            _ = unsafe X509_up_ref(other.pointer)
            guard unsafe copenssl_add_to_chain(pointer, other.pointer) == 1 else {
                unsafe X509_free(other.pointer)
                throw TLSError(certificates.path, "a certificate of the chain is refused: \(OpenSSL.takeErrors())")
            }
        }
        guard unsafe X509_check_private_key(own.pointer, secret.pointer) == 1 else {
            ERR_clear_error()
            throw TLSError(
                key.path,
                "the key is not that of the certificate\(certificates.path.map { " in \($0)" } ?? "")"
            )
        }
        try require(unsafe SSL_CTX_use_PrivateKey(pointer, secret.pointer), "the key is refused", key.path)
        endOfValidity = own.endOfValidity
    }

    /// Believes these authorities.
    func trust(_ authorities: PEM) throws(TLSError) {
        let certificates = try authorities.certificates()
        guard !certificates.isEmpty else { throw TLSError(authorities.path, "no certificate is in it") }
        unsafe copenssl_trust_as_named(pointer)
        let store = unsafe SSL_CTX_get_cert_store(pointer)
        for certificate in certificates {
            try require(
                unsafe X509_STORE_add_cert(store, certificate.pointer),
                "a certificate is refused",
                authorities.path
            )
        }
    }

    /// Tells peers whose certificates are believed.
    func tell(_ authorities: PEM) throws(TLSError) {
        for certificate in try authorities.certificates() {
            _ = unsafe copenssl_add_client_authority(pointer, certificate.pointer)
        }
    }

    func check(peers policy: PeerPolicy, mode: Int32) {
        self.policy = policy
        unsafe SSL_CTX_set_verify(pointer, mode, nil)
        unsafe SSL_CTX_set_cert_verify_callback(
            pointer,
            { store, policy in
                guard let store = unsafe store, let policy = unsafe policy else { return 0 }
                return unsafe Unmanaged<PeerPolicy>.fromOpaque(policy).takeUnretainedValue().verify(store) ? 1 : 0
            },
            unsafe Unmanaged.passUnretained(policy).toOpaque()
        )
    }

    func require(_ outcome: Int32, _ reason: String, _ path: String? = nil) throws(TLSError) {
        if outcome == 1 { return }
        let why = OpenSSL.takeErrors()
        throw TLSError(path, why.isEmpty ? reason : "\(reason): \(why)")
    }
}

extension TLSVersion {
    fileprivate var number: Int32 {
        switch self {
        case .tls10: TLS1_VERSION
        case .tls11: TLS1_1_VERSION
        case .tls12: TLS1_2_VERSION
        case .tls13: TLS1_3_VERSION
        }
    }
}
