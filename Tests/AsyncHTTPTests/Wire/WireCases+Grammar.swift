@testable import AsyncHTTP

extension WireCase {
    /// What the parsers are tested with, as a server takes it.
    static let grammar: [WireCase] =
        RequestRejectionTests.lines.map { WireCase($0, [WireAnswer(integerLiteral: $1.status.code)], .closed) }
        + RequestRejectionTests.fields.map { refused("GET / HTTP/1.1\r\n" + $0, $1) }
        + RequestRejectionTests.semantics.map { refused("POST / HTTP/1.1\r\n" + $0, $1) }
        + ChunkedDecoderTests.accepted.map { WireCase(postChunked("/collect") + $0, [WireAnswer($1)], .kept) }
        + ChunkedDecoderTests.refused.map { text, error in
            WireCase(postChunked("/collect") + text, [WireAnswer(integerLiteral: error.status.code)], .closed)
        }

    private static func refused(_ text: String, _ error: FieldError) -> WireCase {
        WireCase(text, [WireAnswer(integerLiteral: error.status.code)], .closed)
    }
}
