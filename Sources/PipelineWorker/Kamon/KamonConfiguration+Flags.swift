import AsyncHTTP
import Flags

extension KamonConfiguration {
    static let flags: [Flag<KamonConfiguration>] = [
        .toggle(
            "metrics.enabled",
            "KAMON_ENABLED",
            standard: true,
            "Record what pipelines do, and export it on a port of its own, with a status page on another."
        ) { $0.isEnabled = $1 },
        .value(
            "metrics.service",
            "KAMON_SERVICE_NAME",
            "NAME",
            "dataflow-platform",
            "What the service is called on the status page and in the info metric."
        ) { configuration, text throws(ValueProblem) in
            guard (1...200).contains(text.utf8.count) else { throw ValueProblem("not a name of 1 to 200 bytes") }
            configuration.serviceName = text
        },
        addresses(
            "metrics.listen-address",
            "METRICS_LISTEN_ADDRESS",
            ":9095",
            "Where these metrics are scraped. The variable KAMON_PROMETHEUS_PORT gives the port alone."
        ) {
            $0.addresses = $1
        }
        .orVariable("KAMON_PROMETHEUS_PORT") { text throws(ValueProblem) in
            ":\(try Values.number(text, in: 0...65535))"
        },
        .value(
            "metrics.interval",
            "METRICS_INTERVAL",
            "DURATION",
            "1s",
            "How often what is exported is made anew, besides for scrapes where that takes less than 5 ms."
        ) { $0.interval = try Values.duration($1, atLeast: .milliseconds(100)) },
        .list(
            "metrics.drop",
            "METRICS_DROP",
            "PATTERN",
            separators: " ,\n\t",
            "",
            "Families that are left out, by their names: * is any text, ? any character. Repeatable."
        ) { configuration, texts throws(ValueProblem) in
            for text in texts where !NamePattern.isPattern(text) {
                throw ValueProblem("not a name of 1 to 200 letters, digits, _ and :, with * and ?")
            }
            configuration.dropped = texts.map(NamePattern.init)
        },
        .list(
            "metrics.disable",
            "METRICS_DISABLE",
            "GROUP",
            separators: " ,\n\t",
            "",
            "Groups that are not recorded: \(MetricsGroup.allCases.map(\.rawValue).joined(separator: ", ")). Repeatable."
        ) { configuration, texts in
            configuration.disabled = []
            for text in texts { configuration.disabled.insert(try Values.choice(text)) }
        },
        .toggle(
            "status.enabled",
            "KAMON_STATUS_PAGE_ENABLED",
            standard: true,
            "Show settings, modules, instruments and health on a page."
        ) { $0.hasStatusPage = $1 },
        addresses(
            "status.listen-address",
            "STATUS_LISTEN_ADDRESS",
            "127.0.0.1:5266",
            "Where that page is. The variable KAMON_STATUS_PAGE_PORT gives the port alone, of the loopback."
        ) {
            $0.statusAddresses = $1
        }
        .orVariable("KAMON_STATUS_PAGE_PORT") { text throws(ValueProblem) in
            "127.0.0.1:\(try Values.number(text, in: 0...65535))"
        },
    ]

    private static func addresses(
        _ name: String,
        _ variable: String,
        _ standard: String,
        _ help: String,
        _ apply: @escaping @Sendable (inout KamonConfiguration, [ListenAddress]) -> Void
    ) -> Flag<KamonConfiguration> {
        .list(name, variable, "ADDRESS", separators: " ,\n\t", standard, help) { configuration, texts in
            apply(&configuration, try texts.map { text throws(ListenAddressError) in try ListenAddress(parsing: text) })
        }
    }
}
