package import Flags

/// Keeps secrets out of texts by others who know them: a page that tells which header fields were sent, say. Who means to give
/// one away can write it otherwise; who only repeats it is stopped here.
package struct SecretFilter: Sendable {
    /// So much of a secret is looked for, so that one which was cut is found, too.
    private static let longestNeedle = 16
    /// A shorter one stands in many a text, and to leave it out there would tell it.
    private static let shortestNeedle = 4

    private let needles: [[UInt8]]

    package init(_ secrets: [Secret]) {
        needles = secrets.map { $0.reveal { Array($0.utf8.prefix(Self.longestNeedle)) } }
            .filter { $0.count >= Self.shortestNeedle }
    }

    package var isEmpty: Bool { needles.isEmpty }

    /// Whoever shows the first bytes of a text hands over so many more of them.
    package var reach: Int { needles.map(\.count).max() ?? 0 }

    /// The text up to the first secret: where that ends nobody knows.
    package func shown(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard let start = bytes.indices.first(where: { begins(bytes[$0...]) }) else { return text }
        return String(decoding: bytes[..<start], as: UTF8.self) + Secret.placeholder
    }

    private func begins(_ bytes: ArraySlice<UInt8>) -> Bool {
        needles.contains { bytes.starts(with: $0) }
    }
}
