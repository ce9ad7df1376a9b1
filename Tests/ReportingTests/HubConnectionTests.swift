import AsyncHTTP
import JSON
import Synchronization
import Testing

@testable import Reporting

@Suite("A hub over HTTP")
struct HubConnectionTests {
    private struct NoPassword: Error, CustomStringConvertible {
        let description = "the file is gone"
    }

    /// What came, and what was made of the answer.
    private struct Conversation: Sendable {
        var target = ""
        var fields: [String: String] = [:]
        var body: [UInt8] = []
        var answer: Result<ReportAnswer, ReportFailure>
    }

    private func deliver(
        answered response: Response,
        fields: @escaping @Sendable () async throws -> HeaderFields = { HeaderFields() }
    ) throws -> Conversation {
        try withEventLoops { group in
            let seen = ThreadlessBox()
            let server = try HTTPServer(listeningOn: [.host("127.0.0.1", port: 0)], loops: [group.first]) {
                request,
                responder in
                let body = try await request.body.collect()
                seen.value.withLock { conversation in
                    conversation.target = request.target.path
                    for (name, value) in request.fields { conversation.fields[name.lowercased()] = value }
                    conversation.body = body
                }
                return try await responder.send(response)
            }
            return try await withThrowingTaskGroup { tasks in
                tasks.addTask { try await server.run() }
                let client = HTTPClient(.internet(host: "127.0.0.1", port: server.port ?? 0), on: group.first)
                let hub = HubConnection(client: client, target: "/api/metrics/report", fields: fields)
                let answer: Result<ReportAnswer, ReportFailure>
                do throws(ReportFailure) {
                    answer = .success(try await hub.deliver(Array("{}".utf8)))
                } catch {
                    answer = .failure(error)
                }
                await client.close()
                server.shutdown(gracefully: false)
                try await tasks.next()
                return seen.value.withLock { conversation in
                    conversation.answer = answer
                    return conversation
                }
            }
        }
    }

    private final class ThreadlessBox: Sendable {
        let value = Mutex(Conversation(answer: .failure(ReportFailure(.connection, "nothing yet"))))
    }

    private static func token() throws -> HeaderFields {
        var fields = HeaderFields()
        try fields.append("Authorization", "Bearer secret-token")
        return fields
    }

    @Test("a report is posted as JSON, with what makes us known")
    func posts() throws {
        let conversation = try deliver(answered: .text(#"{"status":"ok"}"#), fields: { try Self.token() })
        #expect(conversation.target == "/api/metrics/report")
        #expect(conversation.fields["content-type"] == "application/json")
        #expect(conversation.fields["authorization"] == "Bearer secret-token")
        #expect(conversation.body == Array("{}".utf8))
        #expect(try conversation.answer.get() == .taken)
    }

    @Test("only a hub says that it has a report", arguments: ["", "{}", "<html>", "[]", #"{"status":"error"}"#])
    func others(body: String) {
        let answer = ReportAnswer(status: 200, fields: HeaderFields(), body: Array(body.utf8))
        guard case .later(let failure, nil) = answer else {
            Issue.record("it counts as taken")
            return
        }
        #expect(failure.reason == .status)
    }

    @Test("an answer that repeats what makes us known is not shown")
    func secrets() throws {
        let shown = try deliver(answered: .text("no such user", status: .badRequest), fields: { try Self.token() })
        #expect(try "\(shown.answer.get())".contains("no such user"))
        let hidden = try deliver(
            answered: .text("you said secret-token", status: .badRequest),
            fields: { try Self.token() }
        )
        #expect(try !"\(hidden.answer.get())".contains("secret-token"))
        #expect(try "\(hidden.answer.get())".contains("answered 400"))
    }

    @Test("credentials that cannot be had are a failure that says so")
    func credentials() throws {
        let conversation = try deliver(answered: .text("{}"), fields: { throw NoPassword() })
        #expect(conversation.answer == .failure(ReportFailure(.credentials, "the file is gone")))
        #expect(conversation.target.isEmpty)
    }

    @Test("nobody there is a failure of the connection")
    func nobody() throws {
        let failure: ReportFailure? = try withEventLoops { group in
            let client = HTTPClient(.unix(path: "/nowhere/hub.sock"), on: group.first)
            let hub = HubConnection(client: client, target: "/", fields: { HeaderFields() })
            do throws(ReportFailure) {
                _ = try await hub.deliver([])
                return nil
            } catch {
                return error
            }
        }
        #expect(failure?.reason == .connection)
        #expect(failure?.isRetried == true)
    }
}
