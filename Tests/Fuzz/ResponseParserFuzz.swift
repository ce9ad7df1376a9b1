/// The outcome of a stream of responses does not depend on how it is cut, and nothing is consumed that did not come.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzResponseParser(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let input = unsafe FuzzInput(data, count) else { return 0 }
    var limits = ResponseLimits()
    if input.hasTightLimits { limits = ResponseLimits(statusLine: 20, headerBytes: 40, headerCount: 2) }
    let method: HTTPMethod = input.split.isMultiple(of: 3) ? .head : .get
    let outcomes = input.deliveries.map { responses(input.bytes, $0, limits, method) }
    for outcome in outcomes { require(outcome == outcomes[0], "the same outcome however delivered") }
    return 0
}

private struct Outcome: Equatable {
    var heads: [Int] = []
    var consumed = 0
    var error: ResponseError?
}

/// Parses responses one behind the other, as if none had a body.
private func responses(
    _ bytes: [UInt8],
    _ delivery: [Int],
    _ limits: ResponseLimits,
    _ method: HTTPMethod
) -> Outcome {
    var outcome = Outcome()
    var parser = ResponseParser(limits: limits, requestMethod: method)
    for received in delivery where received <= bytes.count {
        while outcome.consumed < received {
            let result = step(&parser, bytes.span.extracting(outcome.consumed..<received))
            switch result {
            case .failure(let error):
                outcome.error = error
                return outcome
            case .success(.incomplete):
                require(!parser.isIdle, "a parser that has seen bytes is not idle")
            case .success(.complete(let head, let consumed)):
                require(consumed >= 1 && consumed <= received - outcome.consumed, "consumed is within the input")
                require((100...999).contains(head.status), "a status has three digits")
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
    _ parser: inout ResponseParser,
    _ bytes: Span<UInt8>
) -> Result<ResponseParser.Step, ResponseError> {
    do { return .success(unsafe try parser.parse(bytes.bytes)) } catch { return .failure(error) }
}

/// Looks at everything that a head offers.
private func digest(_ head: ResponseHead) -> Int {
    var hasher = Hasher()
    hasher.combine(head.version)
    hasher.combine(head.status)
    hasher.combine(head.reason)
    hasher.combine(head.framing)
    hasher.combine(head.keepAlive)
    for (name, value) in head.fields {
        hasher.combine(name)
        hasher.combine(value)
    }
    return hasher.finalize()
}
