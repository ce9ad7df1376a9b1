import Testing

@testable import AsyncHTTP

@Suite("Pieces in records")
struct RecordBufferTests {
    private func piece(_ count: Int, _ first: UInt8) -> [UInt8] {
        (0..<count).map { first &+ UInt8(truncatingIfNeeded: $0 &* 7) }
    }

    @Test(
        "follow each other without a gap, in records that are full but for the last",
        arguments: [
            [0, 0, 1], [1, 0, 0], [3, 2, 4], [200, 30, 7400], [200, 30, 16_154], [200, 30, 16_155], [200, 30, 100_000],
            [0, 0, 16_384], [16_383, 1, 1], [16_384, 0, 5], [40_000, 20_000, 30_000], [0, 40_000, 0],
        ]
    )
    func records(counts: [Int]) {
        let (first, second, third) = (piece(counts[0], 1), piece(counts[1], 101), piece(counts[2], 201))
        let whole = first + second + third
        let buffer = RecordBuffer()
        var (sent, records): ([UInt8], [Int]) = ([], [])
        while sent.count < whole.count {
            let record = buffer.withRecord(first, second, third, skipping: sent.count) { $0.array(0..<$0.byteCount) }
            records.append(record.count)
            sent += record
            if record.isEmpty { break }
        }
        #expect(sent == whole)
        #expect(records.dropLast().allSatisfy { $0 == 16_384 })
    }

    @Test("begin wherever the last record has ended")
    func everyPlace() {
        let (first, second, third) = (piece(5, 1), piece(3, 101), piece(4, 201))
        let whole = first + second + third
        for skipped in 0...whole.count {
            let rest = RecordBuffer().withRecord(first, second, third, skipping: skipped) { $0.array(0..<$0.byteCount) }
            #expect(rest == Array(whole[skipped...]))
        }
    }
}
