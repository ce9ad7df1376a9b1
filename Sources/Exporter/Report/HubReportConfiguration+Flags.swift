import Flags
import Hosting
import Reporting

extension HubReportConfiguration {
    static let accessFlags = ClientAccessFlags("report.", variables: "REPORT_")

    static let flags: [Flag<HubReportConfiguration>] =
        [
            .value(
                "report.url",
                "REPORT_URL",
                "URL",
                "",
                "A hub that the agent's metrics are reported to, such as http://hub:8082. By default none is."
            ) { $0.hub = try HubURL($1) },
            .value("report.interval", "REPORT_INTERVAL", "DURATION", "15s", "Time between two reports.") {
                $0.interval = try Values.duration($1, atLeast: .milliseconds(100))
            },
            .value(
                "report.name",
                "REPORT_NAME",
                "NAME",
                "",
                "The component as which the agent is reported. By default the name of this machine."
            ) { $0.name = try Values.reportedText($1) },
            .value("report.type", "REPORT_TYPE", "TYPE", "agent", "What kind of component it is.") {
                $0.type = try Values.reportedText($1, longest: 50)
            },
            .value(
                "report.instance",
                "REPORT_INSTANCE",
                "TEXT",
                "",
                "What tells components of one name apart."
            ) { $0.instance = try Values.reportedText($1) },
        ] + accessFlags.flags.map { $0.within(\.access) }
}
