extension LatestState {
    /// Makes the samples of a report what is exported. An older sample than the one that is held changes nothing, not even how
    /// long that is exported: a clock that was set back is believed again when the old time has expired.
    mutating func apply(_ admitted: AdmittedReport) {
        let report = admitted.report
        let expiry = admitted.expiry
        guard let component = component(of: admitted) else { return }
        let metrics = report.metrics.span
        for (index, place) in admitted.places.enumerated() where index < metrics.count {
            guard let number = number(of: place) ?? madeAgain(metrics[index], of: component, report, until: expiry),
                metrics[index].time >= series.span[Int(number)].time
            else { continue }
            series[Int(number)].expiry = expiry
            seriesExpiry.schedule(number, at: expiry)
            if !FamilyDescription.isSame(series.span[Int(number)].description, as: metrics[index]) {
                describe(number, metrics[index])
            }
            set(number, metrics[index].value, time: metrics[index].time)
        }
        noteReport(of: component, arrived: report.arrived, until: expiry)
    }

    /// One that was forgotten while the report was written is made again, if there is room.
    private mutating func component(of admitted: AdmittedReport) -> Int32? {
        let (place, component) = (admitted.component, admitted.report.component)
        if components.span[Int(place.number)]?.identifier == place.identifier { return place.number }
        return componentNumbers[component] ?? insert(component, arrived: admitted.report.arrived)
    }

    private func number(of place: AdmittedReport.Place) -> Int32? {
        series.span[Int(place.number)].generation == place.generation ? place.number : nil
    }

    /// A place whose last sample has expired while the new one was written is looked for again. There may be none.
    private mutating func madeAgain(
        _ metric: ReportedMetric,
        of component: Int32,
        _ report: Report,
        until expiry: Int64
    ) -> Int32? {
        let own = report.component.exportedLabels
        return try? place(for: metric, beside: own, of: component, until: expiry)
    }

    /// What has not changed is not rendered again.
    mutating func set(_ number: Int32, _ value: Double, time: Int64) {
        let index = Int(number)
        let family = series.span[index].family
        series[index].time = time
        if !series.span[index].isExported {
            series[index].value = value
            if let place = families[Int(family)]?.append(number) { series[index].place = place }
            note(family: family)
        } else if series.span[index].value.bitPattern != value.bitPattern {
            series[index].value = value
            let place = series.span[index].place
            families[Int(family)]?.change(at: place)
            note(family: family)
        }
    }

    private mutating func describe(_ number: Int32, _ metric: ReportedMetric) {
        let index = Int(number)
        let family = Int(series[index].family)
        let described = FamilyDescription.of(metric, usual: families[family]?.usual)
        series[index].description = described
        if families[family]?.usual == nil { families[family]?.usual = described }
        families[family]?.describe()
        note(family: series[index].family)
    }
}
