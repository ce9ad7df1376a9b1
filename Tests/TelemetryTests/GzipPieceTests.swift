import Telemetry
import TestExposition
import Testing

@Suite("GzipPiece")
struct GzipPieceTests {
    @Test(
        "pieces in a row are one body that any reader takes",
        arguments: [
            [], [0], [1], [0, 0], [100], [100, 0, 7], [40_000, 1, 70_000], Array(repeating: 300, count: 200),
        ]
    )
    func joined(lengths: [Int]) throws {
        var generator = SeededGenerator(seed: 1)
        // Half of it repeats, half of it does not.
        let texts = lengths.map { length in
            (0..<length).map { $0 % 2 == 0 ? UInt8($0 & 0x3F) : UInt8.random(in: 0...255, using: &generator) }
        }
        for level in [Int32(1), 6] {
            let pieces = try #require(GzipPiece.compress(texts, level: level))
            #expect(pieces.count == texts.count)
            let whole = Array(texts.joined())
            #expect(gunzip(GzipPiece.joined(pieces), limit: whole.count + 1) == whole)
            // Whatever they stood beside when they were made.
            let reversed = Array(texts.reversed().joined())
            #expect(gunzip(GzipPiece.joined(pieces.reversed()), limit: whole.count + 1) == reversed)
        }
    }
}
