package import AsyncHTTP
package import Telemetry

/// One moment's metrics as finished answers, one for each representation.
package final class ScrapeSnapshot: Sendable {
    private let answers: [PreparedResponse]

    package init(_ metrics: RenderedMetrics) throws {
        answers = try Representation.all.map { representation in
            let rendered = metrics.representation(representation.format, representation.encoding)
            var fields = HeaderFields()
            try fields.append("Content-Type", rendered.contentType)
            if let token = rendered.encoding.token { try fields.append("Content-Encoding", token) }
            try fields.append("Vary", "Accept, Accept-Encoding")
            return try PreparedResponse(Response(fields: fields, body: rendered.body))
        }
    }

    package subscript(representation: Representation) -> PreparedResponse { answers[representation.number] }
}
