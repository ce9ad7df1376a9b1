import Flags
import Hosting
import Reporting

extension HubReportConfiguration {
    static let accessFlags = ClientAccessFlags("report.", variables: "REPORT_")

    static let flags: [Flag<HubReportConfiguration>] =
        [
            .value(
                "report.url",
                "NOETL_SERVER_URL",
                "URL",
                "",
                "A hub that the worker reports to, such as http://hub:8082. By default none is."
            ) { $0.hub = try HubURL($1) },
            .value(
                "report.pool",
                "NOETL_WORKER_POOL_NAME",
                "NAME",
                "",
                "The pool of workers, and the component as which it reports. By default worker-cpu, alone."
            ) { $0.pool = try Values.reportedText($1) },
            .value(
                "report.worker",
                "NOETL_WORKER_ID",
                "TEXT",
                "",
                "What tells the workers of a pool apart. By default the name of this machine."
            ) { $0.worker = try Values.reportedText($1) },
            .value(
                "report.heartbeat-interval",
                "NOETL_WORKER_HEARTBEAT_INTERVAL",
                "DURATION",
                "15s",
                "Time between two reports of a worker of a pool."
            ) { $0.heartbeat = try Values.duration($1, atLeast: .milliseconds(100)) },
            .value(
                "report.interval",
                "NOETL_WORKER_METRICS_INTERVAL",
                "DURATION",
                "60s",
                "Time between two reports of a worker that is in no pool."
            ) { $0.interval = try Values.duration($1, atLeast: .milliseconds(100)) },
        ] + accessFlags.flags.map { $0.within(\.access) }
}
