import AsyncHTTP
import Flags
import Postgres
import Service
import TelemetryServer

/// `postgres init` and `postgres status`, beside hubs that run or without any.
enum PostgresCommand {
    static func run(_ invocation: Invocation<HubConfiguration>) throws -> Int32 {
        guard let history = invocation.configuration.history.follower else {
            throw UsageError("postgres needs --postgres.url or --postgres.url-file")
        }
        switch invocation.operands {
        case ["init"]: return try prepare(history)
        case ["status"]: return try status(history)
        default: throw UsageError("postgres needs one word: init or status")
        }
    }

    private static func prepare(_ history: FollowerConfiguration) throws(PostgresError) -> Int32 {
        let connection = try PostgresConnection(history.database)
        let was = try PostgresSchema.find(connection)
        let schema = try PostgresHistory.prepare(connection, history.limits, at: WallClock.milliseconds)
        let change = was == schema ? "the tables were there" : "the tables are made"
        StandardOutput.write("\(history.database): \(change), version \(schema.version)\n")
        return 0
    }

    private static func status(_ history: FollowerConfiguration) throws(PostgresError) -> Int32 {
        let connection = try PostgresConnection(history.database)
        guard let survey = try HistorySurvey.of(connection) else {
            StandardOutput.write(
                "\(history.database): there are no tables yet: `postgres init` makes them, as the first hub does\n"
            )
            return 1
        }
        for line in lines(survey) { StandardOutput.write(line + "\n") }
        return 0
    }

    private static func lines(_ survey: HistorySurvey) -> [String] {
        let size = ReadableNumber.text(ByteCount.bytes(Int(clamping: survey.bytes)))
        var lines = [
            "server      PostgreSQL \(survey.server), database \(survey.database)",
            "tables      schema noetl, version \(survey.schema.version)",
            "history     about \(survey.rows) rows, \(size), \(survey.days) days",
            "components  \(survey.components)",
            "refused     \(survey.refused) rows",
        ]
        for writer in survey.writers {
            let age = writer.age.map { ", \(TimeText.span($0)) old" } ?? ""
            lines.append("hub         log \(writer.log): up to report \(writer.sequence)\(age)")
        }
        return lines
    }
}
