/// The key that a sender of webhooks and its receiver share: wherever it is printed, logged or dumped, a placeholder stands for it.
package struct WebhookSecret: Sendable {
    /// What is shown instead.
    package static let placeholder = "<secret>"

    package let bytes: [UInt8]

    /// - Returns: nil for an empty text: everybody knows it.
    package init?(_ text: String) {
        guard !text.isEmpty else { return nil }
        bytes = Array(text.utf8)
    }
}

extension WebhookSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { Self.placeholder }
    package var debugDescription: String { Self.placeholder }
    /// Nothing is inside, for whoever looks.
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
