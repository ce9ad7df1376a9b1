/// How a connection is encrypted, by the name that Go, and so Prometheus' web configuration, gives it.
package enum TLSCipherSuite: String, Sendable, Hashable, CaseIterable {
    case ecdheECDSAWithAES128GCM = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"
    case ecdheRSAWithAES128GCM = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
    case ecdheECDSAWithAES256GCM = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"
    case ecdheRSAWithAES256GCM = "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"
    case ecdheECDSAWithChaCha20 = "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"
    case ecdheRSAWithChaCha20 = "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"
    case ecdheECDSAWithAES128CBC = "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"
    case ecdheRSAWithAES128CBC = "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"
    case ecdheECDSAWithAES256CBC = "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"
    case ecdheRSAWithAES256CBC = "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"
    case rsaWithAES128GCM = "TLS_RSA_WITH_AES_128_GCM_SHA256"
    case rsaWithAES256GCM = "TLS_RSA_WITH_AES_256_GCM_SHA384"
    case rsaWithAES128CBC = "TLS_RSA_WITH_AES_128_CBC_SHA"
    case rsaWithAES256CBC = "TLS_RSA_WITH_AES_256_CBC_SHA"
    /// Those of version 1.3 may be named, and are always there.
    case aes128GCM = "TLS_AES_128_GCM_SHA256"
    case aes256GCM = "TLS_AES_256_GCM_SHA384"
    case chaCha20 = "TLS_CHACHA20_POLY1305_SHA256"

    /// What is offered when nothing is said: a fresh key for each connection, and the old block mode last.
    static let usual: [TLSCipherSuite] = Array(allCases.prefix(10))

    /// As OpenSSL calls it; nil for those of version 1.3.
    var name: String? {
        switch self {
        case .ecdheECDSAWithAES128GCM: "ECDHE-ECDSA-AES128-GCM-SHA256"
        case .ecdheRSAWithAES128GCM: "ECDHE-RSA-AES128-GCM-SHA256"
        case .ecdheECDSAWithAES256GCM: "ECDHE-ECDSA-AES256-GCM-SHA384"
        case .ecdheRSAWithAES256GCM: "ECDHE-RSA-AES256-GCM-SHA384"
        case .ecdheECDSAWithChaCha20: "ECDHE-ECDSA-CHACHA20-POLY1305"
        case .ecdheRSAWithChaCha20: "ECDHE-RSA-CHACHA20-POLY1305"
        case .ecdheECDSAWithAES128CBC: "ECDHE-ECDSA-AES128-SHA"
        case .ecdheRSAWithAES128CBC: "ECDHE-RSA-AES128-SHA"
        case .ecdheECDSAWithAES256CBC: "ECDHE-ECDSA-AES256-SHA"
        case .ecdheRSAWithAES256CBC: "ECDHE-RSA-AES256-SHA"
        case .rsaWithAES128GCM: "AES128-GCM-SHA256"
        case .rsaWithAES256GCM: "AES256-GCM-SHA384"
        case .rsaWithAES128CBC: "AES128-SHA"
        case .rsaWithAES256CBC: "AES256-SHA"
        case .aes128GCM, .aes256GCM, .chaCha20: nil
        }
    }
}
