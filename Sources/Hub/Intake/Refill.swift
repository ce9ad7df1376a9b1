/// Makes what was exported before a restart exported again, from the store.
package enum Refill {
    /// Blocks, so it is called off the loops.
    ///
    /// - Parameter moment: now, in milliseconds since 1970.
    /// - Returns: how many reports there were.
    package static func run(
        _ latest: Latest,
        from store: any Store,
        ttl: Duration,
        at moment: Int64
    ) throws(LogError) -> Int {
        var (sequence, count) = (Int64(0), 0)
        while true {
            let reports = try store.unexpired(at: moment, ttl: ttl, after: sequence)
            guard let last = reports.last else { return count }
            for logged in reports { put(logged, into: latest) }
            sequence = last.sequence
            count += reports.count
        }
    }

    private static func put(_ logged: LoggedReport, into latest: Latest) {
        let report = Report(
            component: logged.component,
            ttl: logged.ttl,
            metrics: logged.metrics,
            arrived: logged.arrived
        )
        // What has no place now had one when it came, under other limits.
        if let admitted = try? latest.admit(DecodedReport(report)) { latest.apply(admitted) }
    }
}
