extension LatestState {
    /// Forgets what is older than it may be.
    mutating func expire(at now: Int64) {
        while let number = seriesExpiry.first(at: now) {
            guard series[Int(number)].expiry <= now else {
                seriesExpiry.postpone(to: series[Int(number)].expiry)
                continue
            }
            drop(series: number)
        }
        while let number = componentExpiry.first(at: now) {
            let deadline = componentDeadline(number)
            if deadline <= now { forget(component: number) } else { componentExpiry.postpone(to: deadline) }
        }
    }

    /// Forgets a series of a component's own.
    mutating func drop(series number: Int32) {
        seriesExpiry.remove(number)
        let component = Int(series[Int(number)].component)
        remove(series: number)
        seriesCount -= 1
        if components[component]?.ownSeries == 0 { componentsWithSeries -= 1 }
    }

    /// Its memory is longer than any of its series lasts, but for series that came late.
    private func componentDeadline(_ number: Int32) -> Int64 {
        guard let held = components[Int(number)] else { return .min }
        let last = held.series.lazy.filter { $0 != held.lastReportSeries }.map { series[Int($0)].expiry }.max()
        return max(held.expiry, last ?? .min)
    }
}
