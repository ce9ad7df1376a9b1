/// Where an answer has ended, for the next one. Its text is safe in a URL and means nothing to anybody else.
package struct LogCursor: Sendable, Hashable {
    private static let radix = 36

    /// The next answer has samples before this one.
    let before: SampleID

    init(before: SampleID) {
        self.before = before
    }

    /// - Returns: nil for what no answer has said.
    package init?(text: String) {
        guard text.utf8.count <= 13, text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }),
            let number = Int64(text, radix: Self.radix)
        else { return nil }
        before = SampleID(number: number)
    }

    package var text: String { String(before.number, radix: Self.radix) }
}
