import AsyncHTTP
import JSON
import Service
import TelemetryServer

/// The facts of the page for programs: `/status.json`.
enum StatusDocument {
    static func json(_ status: AgentStatus) -> JSONValue {
        object([
            ("at", time(status.now)), ("host", text(status.subject.host)),
            ("condition", .string(status.condition.rawValue)), ("word", .string(status.condition.word)),
            ("tone", .string(status.condition.tone.rawValue)), ("since", time(status.since)),
            ("seconds", seconds(status.since.duration(to: status.now))), ("sentence", .string(status.sentence)),
            ("error", text(status.error)), ("warnings", .array(status.subject.warnings().map { text($0) })),
            ("agent", agent(status)), ("values", values(status)),
            ("next", .array(status.next.map(JSONValue.string))), ("next_poll", time(status.nextPoll)),
            ("polls", polls(status)), ("events", .array(status.events.map(event))), ("last_hour", band(status)),
            ("exporter", exporter(status)),
        ])
    }

    static func response(_ status: AgentStatus) throws -> PreparedResponse { try PageFrame.twin(json(status).bytes) }

    private static func agent(_ status: AgentStatus) -> JSONValue {
        let reading = status.lastGood?.reading
        return object([
            ("url", .string(status.subject.agent)), ("state", .string(status.verdict.state.word)),
            ("reported", text(status.reported)), ("up", .boolean(status.verdict.isUp)),
            ("version", text(reading?.version)), ("commit", text(reading?.commitHash)),
            ("built", text(reading?.buildTimestamp)),
        ])
    }

    private static func values(_ status: AgentStatus) -> JSONValue {
        let counts = status.counts.map { count in
            let members: [(String, JSONValue)] = [
                ("last", JSONValue(count.said)), ("exported", JSONValue(count.exported)),
                ("missing", .boolean(count.isMissing)), ("capacity", JSONValue(count.capacity.map(Double.init))),
            ]
            return JSONValue.Member(count.count.rawValue, object(members))
        }
        let gauges = status.gauges.map { JSONValue.Member($0.name, JSONValue($0.value)) }
        return object([
            ("standing", .string(status.standing.rawValue)), ("last_good", time(status.lastGood?.at)),
            ("age_seconds", status.lastGood.map { seconds($0.at.duration(to: status.now)) } ?? .null),
            ("stand_until", time(status.expiry)), ("counts", .object(counts)), ("gauges", .object(gauges)),
        ])
    }

    private static func polls(_ status: AgentStatus) -> JSONValue {
        object([
            ("total", .number(status.polls.total)), ("failed", .number(status.polls.failed)),
            ("failed_in_a_row", .number(Double(status.polls.inARow))),
            ("last_took_seconds", status.polls.took.map(seconds) ?? .null),
        ])
    }

    private static func event(_ event: Timeline.Event) -> JSONValue {
        object([
            ("at", time(event.latest)), ("condition", .string(event.condition.rawValue)), ("text", .string(event.text)),
            ("times", .number(Double(event.times))), ("first", time(event.first)),
        ])
    }

    private static func band(_ status: AgentStatus) -> JSONValue {
        object([
            ("step_seconds", seconds(StateBand.step)),
            ("conditions", .array(status.band.map { text($0?.rawValue) })),
        ])
    }

    private static func exporter(_ status: AgentStatus) -> JSONValue {
        object([
            ("version", .string(BuildInfo.version)), ("poll_interval_seconds", seconds(status.subject.pollInterval)),
            ("max_age_seconds", seconds(status.subject.rules.maxAge)),
            ("fallback", .string(status.subject.rules.fallback.rawValue)),
        ])
    }

    // MARK: Values

    private static func object(_ members: [(String, JSONValue)]) -> JSONValue {
        .object(members.map { JSONValue.Member($0.0, $0.1) })
    }

    private static func text(_ text: String?) -> JSONValue {
        text.map { .string($0.cut(toBytes: AgentStatus.longestText)) } ?? .null
    }

    private static func time(_ occasion: Occasion?) -> JSONValue {
        occasion.map { .string(TimeText.stamp($0)) } ?? .null
    }

    private static func seconds(_ duration: Duration) -> JSONValue { .number(duration.wholeMilliseconds) }
}
