package import AsyncHTTP
package import Flags
package import Reporting
package import Service
package import Telemetry

/// Reports to a hub what a program exports, for whoever cannot scrape it. Nothing waits for it.
package struct HubReporter: Sendable {
    /// How long the last reading may take to reach the hub once the program stops.
    private static let flushTime = Duration.seconds(2)

    private let client: ReportClient
    private let hub: HTTPClient

    /// - Parameters:
    ///   - access: by what the program makes itself known to the hub.
    ///   - flags: those that the access comes from.
    ///   - source: what is reported, read on the loop at each interval.
    package init(
        _ report: ReportConfiguration,
        to url: HubURL,
        _ access: ClientAccess,
        _ flags: ClientAccessFlags,
        _ logger: Logger,
        on loop: EventLoop,
        source: @escaping @Sendable () -> [MetricFamily]
    ) {
        let security = flags.security(
            access,
            to: url.endpoint,
            isSecure: url.isSecure,
            renewed: { logger.log(renewal: $0) }
        )
        let failures = FailureLog("a report was not taken by the hub", logger)
        hub = HTTPClient(url.endpoint, on: loop, security: security)
        client = ReportClient(
            report,
            through: hub,
            target: url.target("/api/metrics/report"),
            on: loop,
            source: source,
            fields: flags.fields(access),
            failed: { failures.failed($0) }
        )
        logger.info(
            "reporting",
            ("hub", LogValue(url)),
            ("component", LogValue(report.name)),
            ("interval_seconds", LogValue(report.interval))
        )
    }

    @Sendable package func statistics() -> ReportStatistics { client.statistics }

    /// Goes on until the task is cancelled.
    package func run() async { await client.run() }

    /// Tells the hub what there was at last.
    package func end() async {
        await client.flush(within: Self.flushTime)
        await hub.close()
    }
}

extension Values {
    /// A name as a hub takes it.
    ///
    /// - Parameter longest: in bytes.
    package static func reportedText(_ text: String, longest: Int = 255) throws(ValueProblem) -> String {
        guard (1...longest).contains(text.utf8.count), !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            throw ValueProblem("not a text of 1 to \(longest) bytes without control characters")
        }
        return text
    }
}
