import AsyncHTTP

/// What those are told who may not. Each is one line, and made once.
struct AccessAnswers: Sendable {
    /// For rules with users, with tokens, and with both.
    private struct Challenge: Sendable {
        let missing: PreparedResponse
        let wrong: PreparedResponse

        init(_ realm: String, basic: Bool, bearer: Bool) throws {
            missing = try Self.response("credentials are needed", realm, basic, bearer, "")
            wrong = try Self.response(
                "these credentials are not right",
                realm,
                basic,
                bearer,
                ", error=\"invalid_token\""
            )
        }

        private static func response(
            _ text: String,
            _ realm: String,
            _ basic: Bool,
            _ bearer: Bool,
            _ error: String
        ) throws -> PreparedResponse {
            var response = Response.text(text, status: .unauthorized)
            if basic { try response.fields.append("WWW-Authenticate", "Basic realm=\"\(realm)\", charset=\"UTF-8\"") }
            if bearer { try response.fields.append("WWW-Authenticate", "Bearer realm=\"\(realm)\"\(error)") }
            return try PreparedResponse(response)
        }
    }

    private let basic: Challenge
    private let bearer: Challenge
    private let both: Challenge
    private let forbidden: [Scope: PreparedResponse]
    /// For those whose login nobody can look at now.
    let busy: PreparedResponse

    /// - Parameter realm: what is locked, as a browser shows it.
    init(realm: String) throws {
        let realm = String(realm.filter { $0.isASCII && !["\"", "\\"].contains($0) })
        basic = try Challenge(realm, basic: true, bearer: false)
        bearer = try Challenge(realm, basic: false, bearer: true)
        both = try Challenge(realm, basic: true, bearer: true)
        var forbidden: [Scope: PreparedResponse] = [:]
        for scope in Scope.allCases {
            forbidden[scope] = try PreparedResponse(
                .text("this needs the scope \(scope.rawValue)", status: .forbidden)
            )
        }
        self.forbidden = forbidden
        busy = try Self.tooMany("too many logins are being checked; try again", after: 1)
    }

    static func tooMany(_ text: String, after seconds: Int64) throws -> PreparedResponse {
        var response = Response.text(text, status: .tooManyRequests)
        try response.fields.append("Retry-After", "\(seconds)")
        return try PreparedResponse(response)
    }

    func missing(_ book: Rulebook) -> PreparedResponse { challenge(book).missing }

    func wrong(_ book: Rulebook) -> PreparedResponse { challenge(book).wrong }

    func forbidden(_ scope: Scope) -> PreparedResponse { forbidden[scope] ?? busy }

    private func challenge(_ book: Rulebook) -> Challenge {
        book.hasUsers ? book.hasTokens ? both : basic : bearer
    }
}
