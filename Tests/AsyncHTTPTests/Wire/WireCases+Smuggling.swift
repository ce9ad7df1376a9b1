@testable import AsyncHTTP

/// Requests that one server reads differently from another: the second half of them must never be taken for a request.
extension WireCase {
    private static let second = "0\r\n\r\nGET /second HTTP/1.1\r\nHost: x\r\n\r\n"

    static let smuggling: [WireCase] = encodings + twoLengths + lengths + chunks + lines + hosts

    private static func request(
        _ fields: String,
        body: String = "",
        line: String = "POST /collect HTTP/1.1",
        host: String = "Host: x\r\n",
        _ status: Int
    ) -> WireCase {
        let text = "\(line)\r\n\(host)\(fields.isEmpty ? "" : "\(fields)\r\n")\r\n\(body)"
        return WireCase(latin(text), [WireAnswer(integerLiteral: status)], .closed)
    }

    /// How it might be hidden that a body is chunked, and what each is owed.
    private static let hidden: [(field: String, status: Int)] = [
        ("Transfer-Encoding: xchunked", 501), ("Transfer-Encoding : chunked", 400),
        ("Transfer-Encoding: \u{B}chunked", 400), ("Transfer-Encoding: x\r\nTransfer-Encoding: chunked", 501),
        (" Transfer-Encoding: chunked", 400), ("X: X\nTransfer-Encoding: chunked", 400),
        ("Transfer-Encoding\r\n: chunked", 400), ("Transfer-Encoding: identity, chunked", 501),
        ("Transfer-Encoding: chunked, chunked", 400), ("Transfer-Encoding: \"chunked\"", 400),
        ("Transfer-Encoding: chunked;a=b", 400), ("Transfer-Encoding: ,chunked", 400),
        ("Transfer-Encoding: chunked\0", 400), ("Transfer-Encoding:", 400), ("Transfer-Encoding: chun\r\n ked", 501),
        ("Transfer-Encoding: chunked\rX: y", 400), ("Transfer-Encoding: gzip", 501),
    ]

    private static let encodings = hidden.map { request($0.field, body: second, $0.status) }

    /// With a length before it, a second word on the length is what is refused; behind it, whatever is wrong first.
    private static let twoLengths =
        (hidden + [("Transfer-Encoding: chunked", 400), ("transfer-encoding: CHUNKED", 400)])
        .flatMap { field, status in
            [
                request("Content-Length: 5\r\n\(field)", body: second, 400),
                request("\(field)\r\nContent-Length: 5", body: second, status),
            ]
        }

    private static let lengths =
        [
            ("+5", 400), ("-5", 400), ("0x5", 400), ("5 5", 400), ("5, 5", 400), ("5;", 400), ("", 400), ("5e0", 400),
            ("18446744073709551616", 400), ("9223372036854775808", 400), ("5\r\n 5", 400),
            ("5\r\nContent-Length: 5", 400),
        ].map { request("Content-Length: \($0)", body: "12345" + second, $1) }

    private static let chunks =
        [
            ("g\r\nx", 400), ("1 \r\na\r\n", 400), ("0x1\r\na\r\n", 400), ("1\na\n", 400), ("1\r\naX0\r\n\r\n", 400),
            ("-1\r\na\r\n", 400), ("10000000000000000\r\na", 413), ("1;\r\na\r\n", 400), ("1;a=\"\r\na\r\n", 400),
            ("0\r\nContent-Length: 5\r\n\r\n", 400), ("0\r\nX : y\r\n\r\n", 400),
        ].map { request("Transfer-Encoding: chunked", body: $0 + second, $1) }

    private static let lines =
        [
            ("GET  / HTTP/1.1", 400), ("GET / HTTP/1.1 ", 400), (" GET / HTTP/1.1", 400), ("GET\t/ HTTP/1.1", 400),
            ("GET / http/1.1", 400), ("GET / HTTP/2.0", 505), ("GET / HTTP/1.2", 505), ("GET /", 400),
            ("GET /\0 HTTP/1.1", 400), ("GET /\u{FF} HTTP/1.1", 400), ("GET /%zz HTTP/1.1", 400),
            ("GET /%00 HTTP/1.1", 400), ("GET * HTTP/1.1", 400), ("FOOBAR / HTTP/1.1", 501), ("GET /#a HTTP/1.1", 400),
            ("\nGET / HTTP/1.1", 400), ("GET / HTTP/1.1\r", 400),
        ].map { request("", line: $0, $1) }

    private static let hosts = [
        "", "Host: x\r\nHost: x\r\n", "Host: a b\r\n", "Host: u@x\r\n", "Host : x\r\n", "Host: x\r\n y\r\n",
    ]
    .map { request("", line: "GET / HTTP/1.1", host: $0, 400) }
}
