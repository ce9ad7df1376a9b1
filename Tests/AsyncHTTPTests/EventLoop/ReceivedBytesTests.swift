import Testing

@testable import AsyncHTTP

@Suite("Received bytes")
struct ReceivedBytesTests {
    private func all(_ bytes: ReceivedBytes) -> [UInt8] {
        bytes.withBytes { span in span.array(0..<span.byteCount) }
    }

    @Test("they are taken from the front and added to at the end, in any pieces", arguments: 1...7)
    func pieces(size: Int) {
        var received = ReceivedBytes()
        let bytes = (0..<100).map { UInt8($0) }
        var (added, taken) = (0, [UInt8]())
        while taken.count < bytes.count {
            let next = min(bytes.count, added + size)
            received.append(bytes[added..<next])
            added = next
            let count = min(received.count, added == bytes.count ? .max : size / 2 + 1)
            #expect(received.copy(0..<count) == Array(bytes[taken.count..<taken.count + count]))
            taken += received.copy(0..<count)
            received.drop(count)
            #expect(all(received) == Array(bytes[taken.count..<added]))
        }
        #expect(received.isEmpty && taken == bytes)
    }

    @Test("when all are taken, no memory is kept")
    func memory() {
        var received = ReceivedBytes()
        received.append([UInt8](repeating: 1, count: 1000)[...])
        received.drop(999)
        #expect(received.capacity >= 1000 && !received.isEmpty)
        received.drop(1)
        #expect(received.capacity == 0 && received.isEmpty)
    }
}
