package import Access
package import AsyncHTTP
import Telemetry

/// The way of a report: read, given places, kept, shown. What is exported is what is kept.
package struct Intake: Sendable {
    /// After how long a store that is behind or full may take reports again.
    private static let pause = Duration.seconds(5)

    package let latest: Latest
    package let store: any Store
    package let registration: Registration
    private let decoder: ReportDecoder
    private let rates: ReportRates
    private let metrics: HubMetrics

    package init(
        _ latest: Latest,
        _ store: any Store,
        _ registration: Registration,
        rates: ReportRates,
        limits: ReportLimits = ReportLimits(),
        metrics: HubMetrics
    ) {
        self.latest = latest
        self.store = store
        self.registration = registration
        self.rates = rates
        self.metrics = metrics
        decoder = ReportDecoder(limits: limits)
    }

    /// Takes what somebody has sent.
    ///
    /// - Parameters:
    ///   - caller: who sends it; nil where nobody has to say who they are.
    ///   - arrived: milliseconds since 1970.
    package func take(
        _ body: [UInt8],
        from caller: KnownCaller?,
        arrived: Int64,
        at now: MonotonicInstant = .now
    ) async -> ReportOutcome {
        do throws(ReportRefusal) {
            return await take(try decoder.decode(body, arrived: arrived), from: caller, at: now)
        } catch {
            if case .allRejected(let component, let rejections) = error {
                latest.note(rejected: rejections.count, of: component)
            }
            return refused(error)
        }
    }

    package func take(
        _ decoded: DecodedReport,
        from caller: KnownCaller? = nil,
        at now: MonotonicInstant = .now
    ) async -> ReportOutcome {
        if let refusal = bar(decoded.report.component, caller, at: now) { return refused(refusal) }
        return await admit(decoded)
    }

    /// Takes what the hub says of itself: nobody has to have registered it.
    package func take(own report: Report) async -> ReportOutcome {
        await admit(DecodedReport(report))
    }

    private func admit(_ decoded: DecodedReport) async -> ReportOutcome {
        let admitted: AdmittedReport
        do throws(ReportRefusal) {
            admitted = try latest.admit(decoded)
        } catch {
            return refused(error)
        }
        do throws(LogError) {
            let isDuplicate = try await store.append(admitted.report) == .duplicate
            return kept(admitted, isDuplicate: isDuplicate)
        } catch {
            return refused(refusal(error, of: admitted.report.component))
        }
    }

    /// What keeps a component from reporting, whatever it says.
    private func bar(
        _ component: Component,
        _ caller: KnownCaller?,
        at now: MonotonicInstant
    ) -> ReportOutcome.Refused? {
        if let caller, !caller.mayUse(component.name) {
            return ReportOutcome.Refused(
                result: .forbidden,
                message: "\(caller.name) may not report for this component",
                component: component
            )
        }
        if !registration.mayReport(component) {
            return ReportOutcome.Refused(
                result: .unregistered,
                message: "the component is not registered: POST /api/metrics/components registers it",
                component: component
            )
        }
        guard let wait = rates.take(component, at: now) else { return nil }
        return ReportOutcome.Refused(
            result: .tooFast,
            message: "the component reports more often than it may",
            component: component,
            retryAfter: wait
        )
    }

    private func kept(_ admitted: AdmittedReport, isDuplicate: Bool) -> ReportOutcome {
        let samples = isDuplicate ? 0 : admitted.report.metrics.count
        if !isDuplicate { latest.apply(admitted) }
        metrics.count(isDuplicate ? .duplicate : .accepted)
        metrics.samples.increment(by: Double(samples))
        metrics.count(admitted.rejections)
        return .kept(
            ReportOutcome.Kept(
                component: admitted.report.component,
                runtimeID: admitted.runtimeID,
                samples: samples,
                isDuplicate: isDuplicate,
                rejections: admitted.rejections
            )
        )
    }

    // MARK: Refusals

    private func refused(_ refusal: ReportRefusal) -> ReportOutcome {
        switch refusal {
        case .malformed: return refused(ReportOutcome.Refused(result: .malformed, message: refusal.description))
        case .tooLarge: return refused(ReportOutcome.Refused(result: .tooLarge, message: refusal.description))
        case .noPlace(let component, _):
            return refused(
                ReportOutcome.Refused(result: .rejected, message: refusal.description, component: component)
            )
        case .allRejected(let component, let rejections):
            metrics.count(rejections)
            return refused(
                ReportOutcome.Refused(
                    result: .rejected,
                    message: refusal.description,
                    component: component,
                    rejections: rejections
                )
            )
        }
    }

    private func refused(_ refused: ReportOutcome.Refused) -> ReportOutcome {
        metrics.count(refused.result)
        return .refused(refused)
    }

    private func refusal(_ error: LogError, of component: Component) -> ReportOutcome.Refused {
        ReportOutcome.Refused(
            result: error.kind == .tooLarge ? .tooLarge : .unavailable,
            message: "not kept: \(error.advice)",
            component: component,
            retryAfter: error.kind == .tooLarge ? nil : Self.pause
        )
    }
}
