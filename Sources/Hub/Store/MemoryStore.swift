package import AsyncHTTP
import Synchronization

/// Keeps the last reports in memory, as many as fit: it promises nothing, and everything is gone with the program.
package final class MemoryStore: Store {
    fileprivate struct Kept {
        let sequence: Int64
        let report: Report
        let size: Int
    }

    fileprivate struct Key: Hashable {
        let component: Component
        let reportID: String
    }

    fileprivate struct State {
        /// The oldest first, from `first` on.
        var reports: [Kept?] = []
        var first = 0
        var size = 0
        var sequence: Int64 = 0
        var recognised: Set<Key> = []
    }

    private let limit: ByteCount
    private let limits: LogLimits
    private let state = Mutex(State())
    private let thread: WorkThread

    /// - Parameter limit: how much of the last reports is kept, as `Report.size` estimates it.
    package init(limit: ByteCount = .mebibytes(4), limits: LogLimits = LogLimits()) {
        self.limit = limit
        self.limits = limits
        thread = WorkThread(capacity: limits.waitingQueries)
    }

    package let name = "memory"
    package let backlog = 0
    package let isFull = false

    package var size: ByteCount { .bytes(state.withLock { $0.size }) }

    package func append(_ report: Report) -> Appended {
        let size = report.size
        return state.withLock { state in
            if let key = report.key, !state.recognised.insert(key).inserted { return .duplicate }
            state.sequence &+= 1
            state.reports.append(Kept(sequence: state.sequence, report: report, size: size))
            state.size += size
            while state.size > limit.bytes, state.first < state.reports.count - 1 { state.drop() }
            return .written(sequence: state.sequence)
        }
    }

    package func answer<Value: Sendable>(
        _ query: LogQuery,
        as make: @escaping @Sendable (LogPage) -> Value
    ) async throws(LogError) -> Value {
        do {
            return try await thread.run { [self] in make(page(query)) }
        } catch WorkThread.Refusal.full {
            throw LogError(.behind, name, detail: "\(limits.waitingQueries) queries wait")
        } catch {
            throw LogError(.cancelled, name)
        }
    }

    private func page(_ query: LogQuery) -> LogPage {
        let kept = state.withLock { Array($0.reports[$0.first...]) }
        let limit = min(max(query.limit, 1), limits.queryRows)
        let names = query.name.map { MetricCatalogue(kept.names).names(for: $0) }
        let before = query.cursor?.before ?? SampleID(number: .max)
        var (rows, size): ([LogPage.Row], Int) = ([], 0)
        for case let kept? in kept.reversed()
        where kept.sequence > query.after && query.wants(kept.report.component) {
            for (place, metric) in kept.report.metrics.enumerated().reversed() {
                let id = SampleID(sequence: kept.sequence, place: place)
                guard id < before, query.wants(metric), query.wants(time: metric.time),
                    names.map({ $0.contains(metric.name) }) ?? true
                else { continue }
                if rows.count >= limit || size >= limits.answerSize.bytes {
                    return LogPage(rows: rows, next: rows.last.map { LogCursor(before: SampleID(number: $0.id)) })
                }
                size += metric.size
                rows.append(
                    LogPage.Row(
                        id: id.number,
                        component: kept.report.component,
                        metric: metric,
                        arrived: kept.report.arrived
                    )
                )
            }
        }
        return LogPage(rows: rows, next: nil)
    }

    package func registered() -> [Component] { [] }
    package func unexpired(at moment: Int64, ttl: Duration, after sequence: Int64) -> [LoggedReport] { [] }
    package func register(_ component: Component, at moment: Int64) {}
    package func deregister(_ component: Component) {}
    package func tidy(at moment: Int64) {}
    package func endOverdue(at now: MonotonicInstant) {}

    package func close() {
        thread.stop()
    }
}

extension MemoryStore.State {
    /// Gives up the oldest.
    fileprivate mutating func drop() {
        guard let oldest = reports[first] else { return }
        reports[first] = nil
        first += 1
        size -= oldest.size
        if let key = oldest.report.key { recognised.remove(key) }
        // What is empty in front is as much as what is there: it is moved once for each.
        guard first > reports.count / 2 else { return }
        reports.removeFirst(first)
        first = 0
    }
}

extension Report {
    fileprivate var key: MemoryStore.Key? { reportID.map { MemoryStore.Key(component: component, reportID: $0) } }
}

extension [MemoryStore.Kept?] {
    fileprivate var names: Set<String> {
        reduce(into: []) { names, kept in
            for metric in kept?.report.metrics ?? [] { names.insert(metric.name) }
        }
    }
}
