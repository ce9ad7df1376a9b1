import AsyncHTTP
import JSON
import Service
import TelemetryServer

/// The facts of the page for programs: `/status.json`.
enum HubStatusDocument {
    static func response(_ status: HubStatus) throws -> PreparedResponse { try PageFrame.twin(json(status)) }

    static func json(_ status: HubStatus) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("at")
            writer.time(status.now)
            for member in summary(status) {
                writer.name(text: member.name)
                writer.value(member.value)
            }
            // Numbers of components are beyond what a number of `JSONValue` can hold.
            writer.name("components")
            writer.array { writer in
                for known in status.components.rows { ComponentList.write(known, at: status.now, to: &writer) }
            }
        }
        return writer.bytes
    }

    private static func summary(_ status: HubStatus) -> [JSONValue.Member] {
        let components = status.components
        return [
            member("host", status.subject.host.map(JSONValue.string) ?? .null),
            member("version", .string(BuildInfo.version)),
            member("uptime_seconds", .number(status.uptime.wholeMilliseconds)),
            member("condition", .string(status.condition.rawValue)), member("word", .string(status.condition.word)),
            member("tone", .string(status.condition.tone.rawValue)), member("sentence", .string(status.sentence)),
            member("problems", .array(status.problems.map(problem))),
            member("store", store(status)), member("reports_lately", reports(status.recent)),
            member("series", count(status.series)), member("series_limit", count(status.subject.limits.series)),
            member("components_total", count(components.total)),
            member("components_reporting", count(components.reporting)),
            member("components_silent", count(components.silent)),
            member("components_limit", count(status.subject.limits.components)),
        ]
    }

    private static func problem(_ problem: HubProblem) -> JSONValue {
        let sentence = problem.sentence.cut(toBytes: HubStatus.longestText)
        return ["code": .string(problem.code), "sentence": .string(sentence), "loss": .boolean(problem.isLoss)]
    }

    private static func store(_ status: HubStatus) -> JSONValue {
        [
            "kind": .string(status.store.kind), "place": .string(status.subject.store.description),
            "bytes": count(status.store.size.bytes),
            "limit_bytes": status.subject.store.limit.map { count($0.bytes) } ?? .null,
            "full": .boolean(status.store.isFull), "backlog": count(status.store.backlog),
            "followers": .array(status.history.map { [follower($0, at: status.now)] } ?? []),
        ]
    }

    private static func follower(_ history: FollowedHistory, at now: Int64) -> JSONValue {
        let follower = history.follower
        return [
            "name": .string(history.name), "database": .string(history.database),
            "connected": .boolean(follower.isConnected),
            "lag_seconds": .number(follower.lag(at: now).wholeMilliseconds),
            "backlog": .number(Double(follower.unread)),
            "reports": .number(Double(follower.written.reports)), "rows": .number(Double(follower.written.rows)),
            "duplicates": .number(Double(follower.written.duplicates)),
            "refused_rows": .number(Double(follower.written.refused)),
            "failure": follower.failure.map { .string($0.cut(toBytes: HubStatus.longestText)) } ?? .null,
        ]
    }

    private static func reports(_ recent: ReportActivity.Recent) -> JSONValue {
        .object(
            [member("seconds", .number(recent.time.wholeMilliseconds))]
                + ReportResult.allCases.map { member($0.rawValue, .number(recent.reports[$0] ?? 0)) }
        )
    }

    private static func member(_ name: String, _ value: JSONValue) -> JSONValue.Member { JSONValue.Member(name, value) }

    private static func count(_ count: Int) -> JSONValue { .number(Double(count)) }
}
