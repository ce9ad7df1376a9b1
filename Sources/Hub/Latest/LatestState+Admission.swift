import AsyncHTTP

extension LatestState {
    /// Finds or makes a place for each sample, before anything is written: what is exported is what is kept. A place that never
    /// gets its sample is given up when the sample would have expired.
    mutating func admit(_ decoded: DecodedReport) throws(ReportRefusal) -> AdmittedReport {
        let report = decoded.report
        let known = componentNumbers[report.component]
        guard let number = known ?? insert(report.component, arrived: report.arrived) else {
            let cap = HoldingCap.components(limits.components)
            let rejections = everything(of: decoded, .cap(cap))
            throw rejections.isEmpty ? .noPlace(report.component, cap) : .allRejected(report.component, rejections)
        }
        let expiry = report.arrived.advanced(by: report.ttl ?? limits.ttl)
        let own = report.component.exportedLabels
        let metrics = report.metrics.span
        var places: [AdmittedReport.Place] = []
        places.reserveCapacity(metrics.count)
        var rejected: [(position: Int, reason: RejectionReason)] = []
        var last: Int32?
        for index in metrics.indices {
            do throws(RejectionReason) {
                let expected = expected(metrics, index, after: last, beside: own, of: number)
                last = nil
                let place: Int32
                if let expected {
                    place = try found(expected, metrics[index].kind, of: number)
                } else {
                    place = try self.place(for: metrics[index], beside: own, of: number, until: expiry)
                }
                places.append(AdmittedReport.Place(number: place, generation: series.span[Int(place)].generation))
                last = place
            } catch {
                rejected.append((index, error))
            }
        }
        let rejections = rejected.isEmpty ? decoded.rejections : everything(of: decoded, rejected)
        if !rejections.isEmpty { components[Int(number)]?.rejected &+= UInt64(rejections.count) }
        if places.isEmpty, !rejections.isEmpty {
            if known == nil { forget(component: number) }
            throw .allRejected(report.component, rejections)
        }
        return AdmittedReport(
            report: rejected.isEmpty ? report : report.without(rejected.map(\.position)),
            rejections: rejections,
            runtimeID: components.span[Int(number)]?.runtimeID ?? 0,
            expiry: expiry,
            component: AdmittedReport.ComponentPlace(
                number: number,
                identifier: components.span[Int(number)]?.identifier ?? 0
            ),
            places: places
        )
    }

    /// Gives up the places of a report that was not kept, where no other report has filled them.
    mutating func release(_ admitted: AdmittedReport) {
        for place in admitted.places {
            let held = series[Int(place.number)]
            if held.generation == place.generation, !held.isExported { drop(series: place.number) }
        }
        let place = admitted.component
        guard let held = components[Int(place.number)], held.identifier == place.identifier else { return }
        if held.reports == 0, held.series.isEmpty { forget(component: place.number) }
    }

    private func everything(of decoded: DecodedReport, _ reason: RejectionReason) -> [Rejection] {
        everything(of: decoded, decoded.report.metrics.indices.map { ($0, reason) })
    }

    /// What was rejected before, and those of its samples, in the order of what was sent.
    private func everything(
        of decoded: DecodedReport,
        _ rejected: [(position: Int, reason: RejectionReason)]
    ) -> [Rejection] {
        let indices = decoded.indices
        let own = rejected.map { position, reason in
            Rejection(
                index: position < indices.count ? indices[position] : position,
                metricName: decoded.report.metrics[position].name,
                reason: reason
            )
        }
        return (decoded.rejections + own).sorted { $0.index < $1.index }
    }

    /// - Parameter own: the labels of the component.
    mutating func place(
        for metric: ReportedMetric,
        beside own: [ReportedLabel],
        of component: Int32,
        until expiry: Int64
    ) throws(RejectionReason) -> Int32 {
        let key = SeriesKey(metric.name, metric.labels, beside: own)
        if let number = numbers[key] { return try found(number, metric.kind, of: component) }
        if let family = familyNumbers[metric.name], let held = families[Int(family)]?.kind {
            try check(metric.kind, against: held)
        }
        guard (components[Int(component)]?.ownSeries ?? 0) < limits.seriesOfComponent else {
            throw .cap(.seriesOfComponent(limits.seriesOfComponent))
        }
        guard seriesCount < limits.series else { throw .cap(.series(limits.series)) }
        guard text + key.line.count <= limits.text.bytes else { throw .cap(.text(limits.text)) }
        guard (components[Int(component)]?.text ?? 0) + key.line.count <= limits.textOfComponent.bytes else {
            throw .cap(.textOfComponent(limits.textOfComponent))
        }
        let number = insert(
            key,
            metric.kind,
            family: family(metric.name, metric.kind),
            component: component,
            until: expiry
        )
        seriesCount += 1
        if components[Int(component)]?.ownSeries == 1 { componentsWithSeries += 1 }
        seriesExpiry.schedule(number, at: expiry)
        return number
    }

    /// The series that is expected next of the component, if it is that of the sample: then nothing is put together.
    ///
    /// - Parameter last: the series of the sample before it.
    private func expected(
        _ metrics: Span<ReportedMetric>,
        _ index: Int,
        after last: Int32?,
        beside own: [ReportedLabel],
        of component: Int32
    ) -> Int32? {
        guard let number = components.span[Int(component)]?.expected else { return nil }
        let line = series.span[Int(number)].line
        if let last, index > 0, metrics[index].labels.span.isIdentical(to: metrics[index - 1].labels.span) {
            let neighbour = series.span[Int(last)].line
            let isIt = LineCheck.holds(line, metrics[index].name, asIn: neighbour, after: metrics[index - 1].name)
            return isIt ? number : nil
        }
        return LineCheck.holds(line, metrics[index].name, metrics[index].labels, beside: own) ? number : nil
    }

    /// One that is held. It may be another component's, if both are called the same in the export.
    private mutating func found(
        _ number: Int32,
        _ kind: ReportedKind,
        of component: Int32
    ) throws(RejectionReason) -> Int32 {
        if series.span[Int(number)].component == component {
            components[Int(component)]?.expect(after: series[Int(number)].placeInComponent)
        }
        try check(kind, against: series.span[Int(number)].kind)
        return number
    }

    /// A type holds until its last series has expired.
    private func check(_ kind: ReportedKind, against held: ReportedKind) throws(RejectionReason) {
        if held != kind { throw .otherKind(held: held) }
    }
}

extension Report {
    /// - Parameter positions: of samples, in their order.
    fileprivate func without(_ positions: [Int]) -> Report {
        var (left, next) = ([ReportedMetric](), 0)
        for (position, metric) in metrics.enumerated() {
            if next < positions.count, positions[next] == position { next += 1 } else { left.append(metric) }
        }
        return Report(component: component, reportID: reportID, ttl: ttl, metrics: left, arrived: arrived)
    }
}
