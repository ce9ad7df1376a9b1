import COpenSSL

extension TLSContext {
    static func server(
        _ configuration: TLSServerConfiguration,
        _ files: inout PEMFiles
    ) throws(TLSError) -> TLSContext {
        let context = unsafe try TLSContext(TLS_server_method())
        try context.setUp(from: configuration.leastVersion, to: configuration.greatestVersion)
        try context.show(try files.read(configuration.certificate), try files.read(configuration.key))
        try context.offer(configuration)
        try context.admit(configuration, &files)
        unsafe copenssl_take_http1(context.pointer)
        unsafe copenssl_tolerate_cuts(context.pointer)
        return context
    }

    private func offer(_ configuration: TLSServerConfiguration) throws(TLSError) {
        let suites = configuration.cipherSuites.isEmpty ? TLSCipherSuite.usual : configuration.cipherSuites
        let names = suites.compactMap(\.name)
        if names.isEmpty {
            // All that are named are of the newest version.
            try require(unsafe copenssl_set_versions(pointer, TLS1_3_VERSION, TLS1_3_VERSION), "no such versions")
        } else {
            try require(
                unsafe SSL_CTX_set_cipher_list(pointer, names.joined(separator: ":")),
                "no such cipher suites"
            )
        }
        let curves = configuration.curves.isEmpty ? TLSCurve.allCases : configuration.curves
        try require(
            unsafe copenssl_set_curves(pointer, curves.map(\.name).joined(separator: ":")),
            "no such curves"
        )
        if configuration.prefersOwnOrder { unsafe copenssl_prefer_own_order(pointer) }
        // One ticket is enough for a peer that keeps its connection.
        unsafe SSL_CTX_set_num_tickets(pointer, 1)
        let name = Array("agent".utf8)
        _ = unsafe SSL_CTX_set_session_id_context(pointer, name, UInt32(name.count))
    }

    private func admit(_ configuration: TLSServerConfiguration, _ files: inout PEMFiles) throws(TLSError) {
        if let authorities = configuration.clientAuthorities {
            let authorities = try files.read(authorities)
            try trust(authorities)
            try tell(authorities)
        }
        guard configuration.clients != .none else { return }
        check(
            peers: PeerPolicy(verified: configuration.clients.isVerified, allowedNames: configuration.allowedNames),
            mode: SSL_VERIFY_PEER | (configuration.clients.isOptional ? 0 : SSL_VERIFY_FAIL_IF_NO_PEER_CERT)
        )
    }
}
