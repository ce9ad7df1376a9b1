/// The outcome of a stream of requests does not depend on how it is cut, and nothing is consumed that did not come.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRequestParser(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let input = unsafe FuzzInput(data, count) else { return 0 }
    var limits = RequestLimits()
    if input.hasTightLimits {
        limits = RequestLimits(requestLine: 24, headerBytes: 40, headerCount: 2, leadingEmptyLines: 1)
    }
    let outcomes = input.deliveries.map { requests(input.bytes, $0, limits) }
    for outcome in outcomes { require(outcome == outcomes[0], "the same outcome however delivered") }
    return 0
}

private struct Outcome: Equatable {
    var heads: [Int] = []
    var consumed = 0
    var error: RequestError?
}

/// Parses requests one behind the other, as if none had a body.
private func requests(_ bytes: [UInt8], _ delivery: [Int], _ limits: RequestLimits) -> Outcome {
    var outcome = Outcome()
    var parser = RequestParser(limits: limits)
    for received in delivery where received <= bytes.count {
        while outcome.consumed < received {
            let result = step(&parser, bytes.span.extracting(outcome.consumed..<received))
            switch result {
            case .failure(let error):
                require((400...599).contains(error.status.code), "an error has a status")
                outcome.error = error
                return outcome
            case .success(.incomplete):
                require(!parser.isIdle, "a parser that has seen bytes is not idle")
            case .success(.complete(let head, let consumed)):
                require(consumed >= 1 && consumed <= received - outcome.consumed, "consumed is within the input")
                require(parser.isIdle, "a parser is idle after a request")
                outcome.consumed += consumed
                outcome.heads.append(digest(head))
                continue
            }
            break
        }
    }
    return outcome
}

private func step(
    _ parser: inout RequestParser,
    _ bytes: Span<UInt8>
) -> Result<RequestParser.Step, RequestError> {
    do { return .success(unsafe try parser.parse(bytes.bytes)) } catch { return .failure(error) }
}

/// Looks at everything that a head offers.
private func digest(_ head: RequestHead) -> Int {
    var hasher = Hasher()
    hasher.combine(head.method)
    hasher.combine(head.version)
    hasher.combine(head.framing)
    hasher.combine(head.keepAlive)
    hasher.combine(head.expectsContinue)
    hasher.combine(head.target.text)
    hasher.combine(head.target.path)
    hasher.combine(head.target.query)
    hasher.combine(head.target.authority)
    hasher.combine(head.target.decodedPathBytes)
    for (name, value) in head.fields {
        hasher.combine(name)
        hasher.combine(value)
        require(head.fields.contains(name), "a field is found by its name")
    }
    return hasher.finalize()
}
