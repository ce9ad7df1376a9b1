package import Flags
import Postgres

extension HistoryConfiguration {
    package static let flags: [Flag<HistoryConfiguration>] = [
        .secret(
            urlFlag,
            "POSTGRES_URL",
            "URL",
            "A PostgreSQL that keeps the history: postgres://USER@HOST/DATABASE, or anything that libpq takes. Better in a file, for it"
                + " may hold a password."
        ) { configuration, secret throws(ValueProblem) in
            configuration.database = try secret.reveal { text throws(ValueProblem) in
                do throws(PostgresError) {
                    return try PostgresConfiguration(text)
                } catch {
                    throw ValueProblem(error.description)
                }
            }
        },
        .value(
            urlFileFlag,
            "POSTGRES_URL_FILE",
            "PATH",
            "",
            "A file that holds that address, read again for each connection."
        ) { $0.database = PostgresConfiguration(file: try Values.filePath($1)) },
        .value(
            "postgres.retention",
            "POSTGRES_RETENTION",
            "DURATION",
            "30d",
            "How long the history is kept, by whole days; 0s keeps it for ever."
        ) { configuration, text in
            let retention = try Values.duration(text, atMostDays: 36_500)
            guard retention == .zero || retention >= .seconds(86_400) else {
                throw ValueProblem("neither 0s nor a day at least")
            }
            configuration.retention = retention == .zero ? nil : retention
        },
        .toggle(
            shareFlag,
            "POSTGRES_SHARE",
            "Export what was reported to other hubs over the same database, too."
        ) { $0.isShared = $1 },
    ]

    static let urlFlag = "postgres.url"
    static let urlFileFlag = "postgres.url-file"
    static let shareFlag = "postgres.share"

    /// What cannot be said together.
    /// - Parameter source: where a flag was given; nil if it was not.
    package static func conflicts(source: (String) -> String?) -> [UsageError] {
        switch (source(urlFlag), source(urlFileFlag)) {
        case (let url?, let file?):
            return [UsageError("\(url) and \(file) exclude each other: one address, from one place")]
        case (nil, nil):
            guard let share = source(shareFlag) else { return [] }
            return [UsageError("\(share) needs a database that hubs share: --\(urlFileFlag) or --\(urlFlag)")]
        default: return []
        }
    }
}
