import Testing

@testable import AsyncHTTP

/// What became of some bytes, in a form that can be compared.
enum Outcome<Failure: Error & Equatable>: Equatable {
    case incomplete
    case complete(String, consumed: Int)
    case refused(Failure)
}

/// The ways in which the network may deliver `count` bytes: how many have come at each call.
func deliveries(of count: Int) -> [[Int]] {
    guard count > 0 else { return [[0]] }
    return [[count], Array(1...count)] + (1..<max(2, count)).map { [$0, count] }
}

/// Gives the bytes whole, split at every position, and one by one; the outcome must always be the same.
func outcomeHoweverDelivered<Failure: Error & Equatable>(
    _ bytes: [UInt8],
    sourceLocation: SourceLocation = #_sourceLocation,
    _ outcome: ([UInt8], [Int]) -> Outcome<Failure>
) -> Outcome<Failure> {
    let whole = outcome(bytes, [bytes.count])
    for delivery in deliveries(of: bytes.count) {
        let other = outcome(bytes, delivery)
        guard other != whole else { continue }
        Issue.record(
            "whole: \(whole), at \(delivery.prefix(2)): \(other)",
            sourceLocation: sourceLocation
        )
        break
    }
    return whole
}

func parseRequest(
    _ text: String,
    limits: RequestLimits = RequestLimits(),
    sourceLocation: SourceLocation = #_sourceLocation
) -> Outcome<RequestError> {
    parseRequest(Array(text.utf8), limits: limits, sourceLocation: sourceLocation)
}

func parseRequest(
    _ bytes: [UInt8],
    limits: RequestLimits = RequestLimits(),
    sourceLocation: SourceLocation = #_sourceLocation
) -> Outcome<RequestError> {
    outcomeHoweverDelivered(bytes, sourceLocation: sourceLocation) { bytes, delivery in
        var parser = RequestParser(limits: limits)
        for count in delivery {
            switch step(&parser, bytes.span.extracting(first: count)) {
            case .success(.incomplete): continue
            case .success(.complete(let head, let consumed)):
                return .complete(head.summary, consumed: consumed)
            case .failure(let error): return .refused(error)
            }
        }
        return .incomplete
    }
}

/// The head of a request that must be complete and valid.
func requestHead(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> RequestHead {
    var parser = RequestParser(limits: RequestLimits())
    let bytes = Array(text.utf8)
    guard case .complete(let head, _) = try step(&parser, bytes.span).get() else {
        throw Incomplete()
    }
    return head
}

struct Incomplete: Error {}

func step(_ parser: inout RequestParser, _ bytes: Span<UInt8>) -> Result<RequestParser.Step, RequestError> {
    do { return .success(unsafe try parser.parse(bytes.bytes)) } catch { return .failure(error) }
}

func step(_ parser: inout ResponseParser, _ bytes: Span<UInt8>) -> Result<ResponseParser.Step, ResponseError> {
    do { return .success(unsafe try parser.parse(bytes.bytes)) } catch { return .failure(error) }
}

func step(_ decoder: inout ChunkedDecoder, _ bytes: Span<UInt8>) -> Result<ChunkedDecoder.Step, FramingError> {
    do { return .success(unsafe try decoder.decode(bytes.bytes)) } catch { return .failure(error) }
}

func parseResponse(
    _ text: String,
    to method: HTTPMethod = .get,
    limits: ResponseLimits = ResponseLimits(),
    sourceLocation: SourceLocation = #_sourceLocation
) -> Outcome<ResponseError> {
    outcomeHoweverDelivered(Array(text.utf8), sourceLocation: sourceLocation) { bytes, delivery in
        var parser = ResponseParser(limits: limits, requestMethod: method)
        for count in delivery {
            switch step(&parser, bytes.span.extracting(first: count)) {
            case .success(.incomplete): continue
            case .success(.complete(let head, let consumed)):
                return .complete(head.summary, consumed: consumed)
            case .failure(let error): return .refused(error)
            }
        }
        return .incomplete
    }
}

/// Decodes a chunked body, handing over only what the decoder has not consumed yet.
func decodeChunks(
    _ text: String,
    limits: ChunkLimits = ChunkLimits(),
    sourceLocation: SourceLocation = #_sourceLocation
) -> Outcome<FramingError> {
    outcomeHoweverDelivered(Array(text.utf8), sourceLocation: sourceLocation) { bytes, delivery in
        var decoder = ChunkedDecoder(limits: limits)
        var payload: [UInt8] = []
        var start = 0
        for end in delivery {
            while start < end {
                switch step(&decoder, bytes.span.extracting(start..<end)) {
                case .success(.needMore(let consumed)):
                    guard consumed == end - start else { return .incomplete }
                    start += consumed
                case .success(.data(let range, let consumed)):
                    payload += bytes[start..<end].dropFirst(range.lowerBound).prefix(range.count)
                    start += consumed
                case .success(.end(let consumed)):
                    return .complete(String(decoding: payload, as: UTF8.self), consumed: start + consumed)
                case .failure(let error): return .refused(error)
                }
            }
        }
        return .incomplete
    }
}

extension RequestHead {
    /// Everything that a request says, on one line.
    var summary: String {
        "\(method.name) \(target.text) \(version) \(fields.summary) \(framing)"
            + (keepAlive ? " keep-alive" : " close") + (expectsContinue ? " continue" : "")
    }
}

extension ResponseHead {
    /// Everything that a response says, on one line.
    var summary: String {
        "\(version) \(status) \(reason) \(fields.summary) \(framing)" + (keepAlive ? " keep-alive" : " close")
    }
}

extension HeaderFields {
    var summary: String { "[" + map { "\($0.name): \($0.value)" }.joined(separator: ", ") + "]" }
}
