/// A group in which a key is agreed on, by the name that Prometheus' web configuration gives it.
package enum TLSCurve: String, Sendable, Hashable, CaseIterable {
    case x25519 = "X25519"
    case p256 = "CurveP256"
    case p384 = "CurveP384"
    case p521 = "CurveP521"

    /// As OpenSSL calls it.
    var name: String {
        switch self {
        case .x25519: "X25519"
        case .p256: "P-256"
        case .p384: "P-384"
        case .p521: "P-521"
        }
    }
}
