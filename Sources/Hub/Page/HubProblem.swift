import AsyncHTTP
import JSON
import TelemetryServer

/// What is wrong with a hub, or soon will be.
enum HubProblem: Sendable, Hashable {
    /// The last report was not kept for want of room.
    case storeFull
    case storeBehind(reports: Int)
    /// Reports that nobody took lately: `what` says why.
    case refused(count: Int, what: String, lately: Duration)
    case components(Int, limit: Int)
    case series(Int, limit: Int)
    case seriesOfComponent(String, Int, limit: Int)
    /// The database is not written, and why.
    case historyWaits(reports: Int64, lag: Duration, failure: String)
    /// The database is written, but not as fast as reports come.
    case historyBehind(lag: Duration)
    case rowsRefused(Int64)
    /// A sentence of whoever knows.
    case warning(String)

    /// A name that stays.
    var code: String {
        switch self {
        case .storeFull: "store_full"
        case .storeBehind: "store_behind"
        case .refused: "reports_refused"
        case .components: "components_limit"
        case .series: "series_limit"
        case .seriesOfComponent: "component_series_limit"
        case .historyWaits: "history_waits"
        case .historyBehind: "history_behind"
        case .rowsRefused: "history_rows_refused"
        case .warning: "configuration"
        }
    }

    /// What it is, and what to do.
    var sentence: String {
        switch self {
        case .storeFull:
            "The store has no room, and reports get 503: make room on the disk, or raise --store.max-size."
        case .storeBehind(let reports): "\(reports) reports wait for the store: the disk does not keep up."
        case .refused(let count, let what, let lately):
            "\(count) \(count == 1 ? "report was" : "reports were") refused in the last \(TimeText.span(lately)): \(what)."
        case .components(let count, let limit):
            "\(count) of \(limit) components report, and further ones are refused: --limit.components raises it."
        case .series(let count, let limit):
            "\(count) of \(limit) series are held, and further ones are refused: --limit.series raises it."
        case .seriesOfComponent(let name, let count, let limit):
            "\(name) has \(count) of the \(limit) series that a component may have: are its labels unbounded?"
        case .historyWaits(let reports, let lag, let failure):
            "PostgreSQL is not written, and \(reports) \(reports == 1 ? "report waits" : "reports wait") for it in the log,"
                + " \(TimeText.span(lag)) by now: \(failure)"
        case .historyBehind(let lag):
            "PostgreSQL is \(TimeText.span(lag)) behind: it does not keep up with the reports."
        case .rowsRefused(let count):
            "PostgreSQL has refused \(count) \(count == 1 ? "row" : "rows"): noetl.refused has them, with the reason."
        case .warning(let sentence): sentence
        }
    }

    /// Reports are lost now.
    var isLoss: Bool {
        switch self {
        case .storeFull: true
        case .components(let count, let limit), .series(let count, let limit): count >= limit
        case .storeBehind, .refused, .seriesOfComponent, .historyWaits, .historyBehind, .rowsRefused, .warning: false
        }
    }
}
