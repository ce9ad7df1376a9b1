package import AsyncHTTP
import Synchronization
package import Telemetry

/// One moment's metrics as answers, one for each representation: finished where somebody has asked for it lately, the others made
/// when they are asked for.
package final class ScrapeSnapshot: Sendable {
    private let metrics: any RenderedBodies
    private let answers: Mutex<[PreparedResponse?]>

    /// - Parameter ready: what is made now.
    package init(_ metrics: any RenderedBodies, ready: [Representation] = Representation.all) throws {
        self.metrics = metrics
        answers = Mutex(Array(repeating: nil, count: Representation.all.count))
        for representation in ready { _ = try made(representation) }
    }

    /// What exists; nil when it would have to be made.
    package subscript(representation: Representation) -> PreparedResponse? {
        answers.withLock { $0[representation.number] }
    }

    /// Makes it, unless it exists.
    package func made(_ representation: Representation) throws -> PreparedResponse {
        if let answer = self[representation] { return answer }
        let rendered = metrics.representation(representation.format, representation.encoding)
        var fields = HeaderFields()
        try fields.append("Content-Type", rendered.contentType)
        if let token = rendered.encoding.token { try fields.append("Content-Encoding", token) }
        try fields.append("Vary", "Accept, Accept-Encoding")
        let answer = try PreparedResponse(Response(fields: fields, body: rendered.body))
        answers.withLock { $0[representation.number] = answer }
        return answer
    }
}
