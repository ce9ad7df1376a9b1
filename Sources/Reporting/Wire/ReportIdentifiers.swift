import Synchronization

/// Names for reports that nobody else will use: 128 random bits, written as a UUID.
final class ReportIdentifiers: Sendable {
    private let generator: Mutex<any RandomNumberGenerator & Sendable>

    init(_ generator: some RandomNumberGenerator & Sendable) {
        self.generator = Mutex(generator)
    }

    func next() -> String {
        let (high, low) = generator.withLock { generator in
            (UInt64.random(in: .min ... .max, using: &generator), UInt64.random(in: .min ... .max, using: &generator))
        }
        // RFC 9562 section 5.4: four bits say that it is random, two whose layout it has.
        let digits =
            Self.digits(high & 0xFFFF_FFFF_FFFF_0FFF | 0x4000)
            + Self.digits(low & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000)
        var text: [UInt8] = []
        for (place, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(place) { text.append(UInt8(ascii: "-")) }
            text.append(digit)
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func digits(_ number: UInt64) -> [UInt8] {
        let alphabet = Array("0123456789abcdef".utf8)
        return (0..<16).map { alphabet[Int(truncatingIfNeeded: number >> UInt64(60 - 4 * $0)) & 0xF] }
    }
}
