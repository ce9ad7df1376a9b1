/// The name of a family's series, encoded once. A reference, so that handing it on copies nothing.
final class SeriesName: Sendable {
    let text: String
    let bytes: [UInt8]

    init(_ text: String) {
        self.text = text
        bytes = Array(text.utf8)
    }
}
