import AsyncHTTP
import JSON
import Service

/// Answers of the API: JSON, made for one request.
enum APIAnswer {
    /// Most answers are shorter.
    private static let usualLength = 200

    static func json(
        _ status: HTTPStatus = .ok,
        retryAfter: Duration? = nil,
        _ members: (inout JSONWriter) -> Void
    ) throws -> PreparedResponse {
        var writer = JSONWriter(capacity: usualLength)
        writer.object(members)
        return try prepared(status, writer.bytes, retryAfter: retryAfter)
    }

    /// - Parameter retryAfter: when the same may be asked again.
    static func error(
        _ status: HTTPStatus,
        _ detail: String,
        retryAfter: Duration? = nil,
        _ members: (inout JSONWriter) -> Void = { _ in }
    ) throws -> PreparedResponse {
        try json(status, retryAfter: retryAfter) { writer in
            writer.name("status")
            writer.string("error")
            writer.name("detail")
            writer.string(detail)
            members(&writer)
        }
    }

    /// The fields of all of them, checked once.
    private static let own = Result {
        var fields = HeaderFields()
        try fields.append("Content-Type", "application/json")
        return fields
    }

    static func prepared(
        _ status: HTTPStatus,
        _ body: [UInt8],
        retryAfter: Duration? = nil
    ) throws -> PreparedResponse {
        var fields = try own.get()
        if let retryAfter {
            // Whole seconds, and never none: who waits too little only comes again.
            let seconds = max(1, (retryAfter.clampedNanoseconds + 999_999_999) / 1_000_000_000)
            try fields.append("Retry-After", "\(seconds)")
        }
        return try PreparedResponse(Response(status: status, fields: fields, body: body + [UInt8(ascii: "\n")]))
    }
}

extension JSONWriter {
    mutating func component(_ component: Component) {
        name("component_name")
        string(component.name)
        name("component_type")
        string(component.type)
        name("instance")
        string(component.instance)
    }

    /// A time as RFC 3339, in milliseconds since 1970.
    mutating func time(_ milliseconds: Int64) { string(WallClock.text(milliseconds: milliseconds)) }

    /// JSON has no number for what is none: these are texts, as reports have them.
    mutating func sample(_ value: Double) {
        if value.isFinite { number(value) } else { string(value.isNaN ? "NaN" : value > 0 ? "+Inf" : "-Inf") }
    }
}
