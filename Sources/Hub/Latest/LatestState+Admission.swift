extension LatestState {
    /// Finds or makes a place for each sample, before anything is written: what is exported is what is kept. A place that never
    /// gets its sample is given up when the sample would have expired.
    mutating func admit(_ decoded: DecodedReport, _ keys: [SeriesKey]) throws(ReportRefusal) -> AdmittedReport {
        let report = decoded.report
        let known = componentNumbers[report.component]
        guard let number = component(report.component, arrived: report.arrived) else {
            let cap = ReportCap.components(limits.components)
            let rejections = everything(of: decoded, .cap(cap))
            throw rejections.isEmpty ? .noPlace(report.component, cap) : .allRejected(report.component, rejections)
        }
        let expiry = report.arrived.advanced(by: report.ttl ?? limits.ttl)
        var metrics: [ReportedMetric] = []
        var places: [AdmittedReport.Place] = []
        var rejections = decoded.rejections
        for (position, metric) in report.metrics.enumerated() {
            do throws(RejectionReason) {
                let place = try place(for: metric, keys[position], of: number, until: expiry)
                places.append(AdmittedReport.Place(number: place, generation: series[Int(place)].generation))
                metrics.append(metric)
            } catch {
                let index = position < decoded.indices.count ? decoded.indices[position] : position
                rejections.append(Rejection(index: index, metricName: metric.name, reason: error))
            }
        }
        let isAll = metrics.count == report.metrics.count
        if !isAll { rejections.sort { $0.index < $1.index } }
        components[Int(number)]?.rejected &+= UInt64(rejections.count)
        if metrics.isEmpty, !rejections.isEmpty {
            if known == nil { forget(component: number) }
            throw .allRejected(report.component, rejections)
        }
        return AdmittedReport(
            report: isAll ? report : report.with(metrics),
            rejections: rejections,
            places: places
        )
    }

    private func everything(of decoded: DecodedReport, _ reason: RejectionReason) -> [Rejection] {
        let own = zip(decoded.indices, decoded.report.metrics).map { index, metric in
            Rejection(index: index, metricName: metric.name, reason: reason)
        }
        return (decoded.rejections + own).sorted { $0.index < $1.index }
    }

    mutating func place(
        for metric: ReportedMetric,
        _ key: SeriesKey,
        of component: Int32,
        until expiry: Int64
    ) throws(RejectionReason) -> Int32 {
        if let number = numbers[key] {
            try check(metric, in: series[Int(number)].family)
            return number
        }
        if let family = familyNumbers[metric.name] { try check(metric, in: family) }
        guard (components[Int(component)]?.ownSeries ?? 0) < limits.seriesOfComponent else {
            throw .cap(.seriesOfComponent(limits.seriesOfComponent))
        }
        guard seriesCount < limits.series else { throw .cap(.series(limits.series)) }
        let number = insert(key, family: family(metric.name, metric.kind), component: component, until: expiry)
        seriesCount += 1
        if components[Int(component)]?.ownSeries == 1 { componentsWithSeries += 1 }
        seriesExpiry.schedule(number, at: expiry)
        return number
    }

    /// A type holds until its last series has expired.
    private func check(_ metric: ReportedMetric, in family: Int32) throws(RejectionReason) {
        guard let held = families[Int(family)]?.kind, held != metric.kind else { return }
        throw .otherKind(held: held)
    }
}

extension Report {
    fileprivate func with(_ metrics: [ReportedMetric]) -> Report {
        Report(component: component, reportID: reportID, ttl: ttl, metrics: metrics, arrived: arrived)
    }
}
