package import Telemetry

/// One of the ways in which the metrics can be sent: a format and an encoding. It is a number, so that finding its bytes is
/// a matter of an index.
package struct Representation: Sendable, Hashable {
    let number: Int

    static let all: [Representation] = (0..<formats.count * encodings.count).map(Representation.init)

    private static let formats = ExpositionFormat.all
    private static let encodings = ContentEncoding.allCases

    private init(number: Int) {
        self.number = number
    }

    package init(_ format: ExpositionFormat, _ encoding: ContentEncoding) {
        let formatNumber = Self.formats.firstIndex(of: format) ?? 0
        let encodingNumber = Self.encodings.firstIndex(of: encoding) ?? 0
        number = formatNumber * Self.encodings.count + encodingNumber
    }

    var format: ExpositionFormat { Self.formats[number / Self.encodings.count] }
    var encoding: ContentEncoding { Self.encodings[number % Self.encodings.count] }
}
