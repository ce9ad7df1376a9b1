/// A password, token or key: wherever it is printed, logged or dumped, a placeholder stands for it.
package struct Secret: Sendable {
    /// What is shown instead.
    package static let placeholder = "<secret>"

    private let text: String

    package init(_ text: String) {
        self.text = text
    }

    package var isEmpty: Bool { text.isEmpty }

    /// The only way to it: what is done with it stands between these braces.
    package func reveal<Result, Failure: Error>(
        _ body: (String) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(text)
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { Self.placeholder }
    package var debugDescription: String { Self.placeholder }
    /// Nothing is inside, for whoever looks.
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}

extension Secret: Hashable {
    /// Looks at every byte, wherever the first difference is: the time it takes tells the length alone.
    package static func == (one: Secret, other: Secret) -> Bool {
        let (bytes, others) = (Array(one.text.utf8), Array(other.text.utf8))
        guard bytes.count == others.count else { return false }
        var difference: UInt8 = 0
        for index in bytes.indices { difference |= bytes[index] ^ others[index] }
        return difference == 0
    }

    /// By its bytes, as they are compared.
    package func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }
}
