/// A status code and its reason phrase (RFC 9110 section 15, RFC 9112 section 4).
public struct HTTPStatus: Sendable, Hashable {
    /// 100...999, as it stands in the status line.
    public let code: Int
    /// The phrase behind the code. It means nothing to programs, and may be empty.
    public let reason: String

    /// A status of your own.
    ///
    /// Refused: a code outside 100...999, and a reason that holds anything but HTAB, SP, visible characters and
    /// `obs-text`, because it would break out of the status line.
    public init(code: Int, reason: String) throws(HeadWriteError) {
        guard (100...999).contains(code) else { throw .statusCode }
        guard !reason.utf8.contains(where: \.isForbiddenInText) else { throw .reasonPhrase }
        self.code = code
        self.reason = reason
    }

    private init(_ code: Int, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    var isSuccess: Bool { code / 100 == 2 }

    /// Send the body: the answer to `Expect: 100-continue`, which the server gives by itself.
    public static let `continue` = HTTPStatus(100, "Continue")
    /// What follows is another protocol, named by `Upgrade`.
    public static let switchingProtocols = HTTPStatus(101, "Switching Protocols")
    /// The request was done, and the body says what came of it.
    public static let ok = HTTPStatus(200, "OK")
    /// Something new is there; `Location` says where.
    public static let created = HTTPStatus(201, "Created")
    /// It will be done later, or not.
    public static let accepted = HTTPStatus(202, "Accepted")
    /// It was done and there is nothing to say: no body is sent, whatever is given.
    public static let noContent = HTTPStatus(204, "No Content")
    /// The body is the range that was asked for.
    public static let partialContent = HTTPStatus(206, "Partial Content")
    /// It has another address for ever. A `POST` may become a `GET` on the way; see `permanentRedirect`.
    public static let movedPermanently = HTTPStatus(301, "Moved Permanently")
    /// It has another address for now. A `POST` may become a `GET` on the way; see `temporaryRedirect`.
    public static let found = HTTPStatus(302, "Found")
    /// The result is to be fetched elsewhere, with `GET`.
    public static let seeOther = HTTPStatus(303, "See Other")
    /// What the client has is still good: no body is sent, whatever is given.
    public static let notModified = HTTPStatus(304, "Not Modified")
    /// It has another address for now, to be asked with the same method.
    public static let temporaryRedirect = HTTPStatus(307, "Temporary Redirect")
    /// It has another address for ever, to be asked with the same method.
    public static let permanentRedirect = HTTPStatus(308, "Permanent Redirect")
    /// The request breaks a rule of the protocol, or of the handler.
    public static let badRequest = HTTPStatus(400, "Bad Request")
    /// Credentials are missing or wrong; `WWW-Authenticate` has to say which are wanted.
    public static let unauthorized = HTTPStatus(401, "Unauthorized")
    /// It is not allowed, with whatever credentials.
    public static let forbidden = HTTPStatus(403, "Forbidden")
    /// No such path, or none that may be known of.
    public static let notFound = HTTPStatus(404, "Not Found")
    /// The path is there, not for this method; `Allow` has to say for which.
    public static let methodNotAllowed = HTTPStatus(405, "Method Not Allowed")
    /// There is no form of it that the client accepts.
    public static let notAcceptable = HTTPStatus(406, "Not Acceptable")
    /// The request did not arrive in time.
    public static let requestTimeout = HTTPStatus(408, "Request Timeout")
    /// It does not fit what is there now; a client may look and try again.
    public static let conflict = HTTPStatus(409, "Conflict")
    /// It was there and will not be again.
    public static let gone = HTTPStatus(410, "Gone")
    /// The body has to say its length.
    public static let lengthRequired = HTTPStatus(411, "Length Required")
    /// A condition that the request made does not hold.
    public static let preconditionFailed = HTTPStatus(412, "Precondition Failed")
    /// The body is longer than is taken.
    public static let contentTooLarge = HTTPStatus(413, "Content Too Large")
    /// The request line is longer than is taken.
    public static let uriTooLong = HTTPStatus(414, "URI Too Long")
    /// The body is of a kind, or in a coding, that is not understood.
    public static let unsupportedMediaType = HTTPStatus(415, "Unsupported Media Type")
    /// The range that was asked for is not there.
    public static let rangeNotSatisfiable = HTTPStatus(416, "Range Not Satisfiable")
    /// `Expect` asks for something other than `100-continue`.
    public static let expectationFailed = HTTPStatus(417, "Expectation Failed")
    /// The body is well formed and makes no sense.
    public static let unprocessableContent = HTTPStatus(422, "Unprocessable Content")
    /// To be asked with another protocol, named by `Upgrade`.
    public static let upgradeRequired = HTTPStatus(426, "Upgrade Required")
    /// This client has asked too often; `Retry-After` may say when again.
    public static let tooManyRequests = HTTPStatus(429, "Too Many Requests")
    /// The header block is longer than is taken.
    public static let headerFieldsTooLarge = HTTPStatus(431, "Request Header Fields Too Large")
    /// The handler failed, which is for the server's owner to look into.
    public static let internalServerError = HTTPStatus(500, "Internal Server Error")
    /// A method or a transfer coding that this server does not know at all.
    public static let notImplemented = HTTPStatus(501, "Not Implemented")
    /// Whoever was asked on the client's behalf has answered nonsense, or not at all.
    public static let badGateway = HTTPStatus(502, "Bad Gateway")
    /// Not now: overloaded, starting or shutting down. A scraper counts it as down.
    public static let serviceUnavailable = HTTPStatus(503, "Service Unavailable")
    /// Whoever was asked on the client's behalf has not answered in time.
    public static let gatewayTimeout = HTTPStatus(504, "Gateway Timeout")
    /// An HTTP version other than 1.0 and 1.1.
    public static let versionNotSupported = HTTPStatus(505, "HTTP Version Not Supported")
}
