import Synchronization

/// The newest sample of every series, in memory: what is exported. A report is admitted, then made durable by whoever does that,
/// then applied.
///
/// One lock covers everything, and nobody holds it for longer than a report or a look at what has changed takes: lines are
/// rendered after it.
package final class Latest: Sendable {
    private let state: Mutex<LatestState>

    package init(limits: LatestLimits = LatestLimits()) {
        state = Mutex(LatestState(limits))
    }

    /// Finds places for the samples of a report. Those for which there are none are rejected; if that is all of them, the
    /// report is refused.
    package func admit(_ decoded: DecodedReport) throws(ReportRefusal) -> AdmittedReport {
        try state.withLock { state throws(ReportRefusal) in try state.admit(decoded) }
    }

    /// Makes the samples of an admitted report what is exported.
    package func apply(_ admitted: AdmittedReport) {
        state.withLock { $0.apply(admitted) }
    }

    /// Counts samples of a component that were all rejected before they could be admitted. A component that is not known stays
    /// unknown.
    package func note(rejected count: Int, of component: Component) {
        state.withLock { state in
            guard let number = state.componentNumbers[component] else { return }
            state.components[Int(number)]?.rejected &+= UInt64(count)
        }
    }

    /// Forgets what has expired.
    ///
    /// - Parameter now: milliseconds since 1970.
    package func expire(at now: Int64) {
        state.withLock { $0.expire(at: now) }
    }

    package var componentCount: Int { state.withLock { $0.componentNumbers.count } }

    package var seriesCount: Int { state.withLock { $0.seriesCount } }

    /// Who reports, in no order.
    package func components() -> [ComponentAccount] {
        state.withLock { state in
            state.components.compactMap { held in
                held.map { held in
                    ComponentAccount(
                        component: held.component,
                        runtimeID: held.runtimeID,
                        lastReport: held.lastReport,
                        series: held.ownSeries,
                        reports: held.reports,
                        rejected: held.rejected
                    )
                }
            }
        }
    }

    /// For one reader: what it has been told once is not told again.
    func changes() -> LatestChanges {
        state.withLock { $0.changes() }
    }

    func selection(_ filter: LatestFilter) -> LatestChanges {
        state.withLock { $0.selection(where: filter.admits) }
    }
}
