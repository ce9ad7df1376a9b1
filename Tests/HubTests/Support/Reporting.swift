import Telemetry

@testable import Hub

/// What is held, with a look at what is exported.
struct Reporting {
    let latest: Latest
    var renderer = LatestRenderer()

    init(_ limits: LatestLimits = LatestLimits()) {
        latest = Latest(limits: limits)
    }

    /// Reports and has it kept. Nothing if the whole was refused.
    @discardableResult
    func report(
        _ metrics: ReportedMetric...,
        by component: Component = Component(type: "t", name: "w"),
        ttl: Duration? = nil,
        after: Int64 = 0
    ) -> [Rejection] {
        let report = Report(component: component, ttl: ttl, metrics: metrics, arrived: arrival + after)
        do {
            let admitted = try latest.admit(DecodedReport(report))
            latest.apply(admitted)
            return admitted.rejections
        } catch .allRejected(_, let rejections) {
            return rejections
        } catch {
            return []
        }
    }

    /// What is exported so many milliseconds after the first arrival.
    mutating func exported(_ format: ExpositionFormat = .text004, after: Int64 = 0) -> String {
        latest.expire(at: arrival + after)
        let bodies = renderer.render(latest.changes())
        return String(decoding: bodies.representation(format, .identity).body, as: UTF8.self)
    }

    /// Without what the hub says itself, and without comments.
    mutating func lines(after: Int64 = 0) -> [String] {
        exported(after: after).split(separator: "\n").map(String.init).filter {
            !$0.hasPrefix("#") && !$0.hasPrefix("agent_hub_")
        }
    }
}

func gauge(
    _ name: String = "a",
    _ value: Double = 1,
    _ kind: ReportedKind = .gauge,
    time: Int64 = arrival,
    labels: KeyValuePairs<String, String> = [:],
    help: String? = nil,
    unit: String? = nil
) -> ReportedMetric {
    let labels = labels.map { ReportedLabel(name: $0.key, value: $0.value) }
    return ReportedMetric(name: name, kind: kind, value: value, time: time, labels: labels, help: help, unit: unit)
}
