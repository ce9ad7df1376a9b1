package import Digests

/// The header that tells who sent a webhook and when: `Petzi-Signature: t=SECONDS,v1=HEX`, where HEX is the HMAC-SHA-256 of
/// `t.body`.
package struct WebhookSignature: Sendable, Equatable {
    package static let fieldName = "Petzi-Signature"

    /// When it was signed, in seconds since 1970.
    package let time: Int64
    /// One for each secret that it was signed with.
    package let digests: [Digest]

    /// Signs a body.
    ///
    /// - Parameter time: seconds since 1970; none before that are written.
    package init(signing body: [UInt8], at time: Int64, with secret: WebhookSecret) {
        self.time = max(0, time)
        digests = [Digest.authenticating(Self.signedText(body, at: self.time), with: secret.bytes)]
    }

    /// One that was read.
    package init(time: Int64, digests: [Digest]) {
        self.time = time
        self.digests = digests
    }

    /// What stands in the header.
    package var fieldValue: String {
        digests.reduce(into: "t=\(time)") { $0 += ",v1=\($1.hexadecimal)" }
    }

    /// What is signed: the time as it stands in the header, a full stop, and the body.
    package static func signedText(_ body: [UInt8], at time: Int64) -> [UInt8] {
        let digits = String(time).utf8
        var text: [UInt8] = []
        text.reserveCapacity(digits.count + 1 + body.count)
        text += digits
        text.append(UInt8(ascii: "."))
        text += body
        return text
    }
}
