/// The payload of a chunked body does not depend on how it is cut, and every step consumes a byte or waits.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzChunkedDecoder(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let input = unsafe FuzzInput(data, count) else { return 0 }
    var limits = ChunkLimits()
    if input.hasTightLimits {
        limits = ChunkLimits(extensionBytes: 4, totalExtensionBytes: 6, trailerBytes: 12, trailerCount: 2)
    }
    let outcomes = input.deliveries.map { body(input.bytes, $0, limits) }
    for outcome in outcomes { require(outcome == outcomes[0], "the same outcome however delivered") }
    return 0
}

private struct Outcome: Equatable {
    var payload: [UInt8] = []
    var end: Int?
    var error: FramingError?
}

private func body(_ bytes: [UInt8], _ delivery: [Int], _ limits: ChunkLimits) -> Outcome {
    var outcome = Outcome()
    var decoder = ChunkedDecoder(limits: limits)
    var start = 0
    for received in delivery where received <= bytes.count {
        while start < received {
            let given = received - start
            let result = step(&decoder, bytes.span.extracting(start..<received))
            switch result {
            case .failure(let error):
                outcome.error = error
                return outcome
            case .success(.needMore(let consumed)):
                require(consumed == given, "waiting means that everything was taken")
                start += consumed
            case .success(.data(let range, let consumed)):
                require(!range.isEmpty && range.upperBound == consumed && consumed <= given, "payload is in the input")
                outcome.payload += bytes[(start + range.lowerBound)..<(start + range.upperBound)]
                start += consumed
            case .success(.end(let consumed)):
                require(consumed >= 1 && consumed <= given, "the end is in the input")
                outcome.end = start + consumed
                return outcome
            }
        }
    }
    return outcome
}

private func step(
    _ decoder: inout ChunkedDecoder,
    _ bytes: Span<UInt8>
) -> Result<ChunkedDecoder.Step, FramingError> {
    do { return .success(unsafe try decoder.decode(bytes.bytes)) } catch { return .failure(error) }
}
