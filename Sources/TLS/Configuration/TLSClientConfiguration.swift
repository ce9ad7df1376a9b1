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

    /// The longest name of a host (RFC 1035 section 2.3.4).
    private static let longestName = 253

    /// Whether a certificate could have it: the name of a host, or an address.
    package static func isServerName(_ text: String) -> Bool {
        let isName = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: "-._:".utf8.contains(byte)
            }
        }
        return isName && (1...longestName).contains(text.utf8.count)
    }
}
