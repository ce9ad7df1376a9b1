// Arbitrary bytes as a webhook and as its signature: nothing may trap, what was not signed is let in nowhere, what was is.
//
// Compiled together with WebhookChecks, as one module, beside Webhooks and Digests.

import Webhooks

private let secret = WebhookSecret("secret")
private let now = Duration.seconds(1_800_000_000)

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    guard let secret else { return 0 }
    let gate = WebhookGate(trusting: [secret], refusesReplays: true)
    let header = String(decoding: bytes, as: UTF8.self)
    require((try? gate.admit(bytes, header, at: now)) == nil, "nobody makes a signature without the secret")
    if let signature = try? WebhookSignature(parsing: header) {
        let written = try? WebhookSignature(parsing: signature.fieldValue)
        require(written == signature, "what is read is written and read again")
    }
    let signature = WebhookSignature(signing: bytes, at: now.components.seconds, with: secret)
    require((try? gate.admit(bytes, signature.fieldValue, at: now)) != nil, "what was signed is let in")
    require((try? gate.admit(bytes, signature.fieldValue, at: now)) == nil, "and once only")
    return 0
}

private func require(_ condition: Bool, _ promise: String) {
    guard condition else { fatalError("broken: \(promise)") }
}
