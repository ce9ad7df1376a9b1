/// An answer made for one request.
public struct Response: Sendable {
    /// Decides whether there is a body: 204 and 304 have none, whatever `body` holds.
    public var status: HTTPStatus
    /// Without `Content-Length`, `Transfer-Encoding`, `Connection` and `Date`, which the server writes.
    public var fields: HeaderFields
    /// Sent with its length; left out for `HEAD`.
    public var body: [UInt8]

    /// Nothing is checked here: fields that may not be sent are an error of `send`.
    public init(status: HTTPStatus = .ok, fields: HeaderFields = HeaderFields(), body: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// Plain text; a newline is added at its end.
    public static func text(_ text: String, status: HTTPStatus = .ok) -> Response {
        Response(status: status, fields: .plainText, body: Array("\(text)\n".utf8))
    }

    /// Not inlined, because its locals would become part of the frame of a task that may have to wait.
    @inline(never)
    func prepared() throws -> PreparedResponse {
        try PreparedResponse(self)
    }

    /// The head's bytes, up to where `Date` follows.
    func headBytes() throws(HeadWriteError) -> [UInt8] {
        var writer = ResponseHeadWriter()
        writer.statusLine(status)
        try writer.fields(fields)
        if status.mayHaveBody { writer.contentLength(status.mayHaveContent ? body.count : 0) }
        return writer.bytes
    }
}

extension HTTPStatus {
    /// RFC 9110 section 6.4.1: these end with their header block.
    var mayHaveBody: Bool { code >= 200 && code != 204 && code != 304 }

    /// RFC 9110 section 15.3.6: of a 205 the length is told, and is zero.
    var mayHaveContent: Bool { mayHaveBody && code != 205 }
}

extension HeaderFields {
    static let plainText: HeaderFields = {
        var fields = HeaderFields()
        try? fields.append("Content-Type", "text/plain; charset=utf-8")
        return fields
    }()
}

/// An answer whose bytes exist already, shared by any number of connections. Sending it costs a date and a system call.
public final class PreparedResponse: Sendable {
    /// The status that is sent, for whoever logs or counts it.
    public let status: HTTPStatus
    /// Status line and fields, up to where `Date` follows.
    let head: [UInt8]
    let body: [UInt8]

    /// Fails when a field is one that the server writes, or is not valid.
    public init(_ response: Response) throws {
        status = response.status
        head = try response.headBytes()
        body = response.status.mayHaveContent ? response.body : []
    }
}
