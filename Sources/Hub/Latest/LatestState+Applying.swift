extension LatestState {
    /// Makes the samples of a report what is exported. An older sample than the one that is held changes nothing, not even how
    /// long that is exported: a clock that was set back is believed again when the old time has expired.
    mutating func apply(_ admitted: AdmittedReport) {
        let report = admitted.report
        let expiry = report.arrived.advanced(by: report.ttl ?? limits.ttl)
        guard let component = component(report.component, arrived: report.arrived) else { return }
        for (place, metric) in zip(admitted.places, report.metrics) {
            guard let number = number(of: place) ?? madeAgain(metric, of: component, report, until: expiry),
                case let index = Int(number), metric.time >= series[index].time
            else { continue }
            series[index].expiry = expiry
            seriesExpiry.schedule(number, at: expiry)
            describe(number, metric)
            set(number, metric.value, time: metric.time)
        }
        noteReport(of: component, arrived: report.arrived, until: expiry)
    }

    private func number(of place: AdmittedReport.Place) -> Int32? {
        series[Int(place.number)].generation == place.generation ? place.number : nil
    }

    /// A place whose last sample has expired while the new one was written is looked for again. There may be none.
    private mutating func madeAgain(
        _ metric: ReportedMetric,
        of component: Int32,
        _ report: Report,
        until expiry: Int64
    ) -> Int32? {
        var scratch: [UInt8] = []
        let key = SeriesKey(metric, beside: report.component.exportedLabels, &scratch)
        return try? place(for: metric, key, of: component, until: expiry)
    }

    /// What has not changed is not rendered again.
    mutating func set(_ number: Int32, _ value: Double, time: Int64) {
        let index = Int(number)
        let family = series[index].family
        series[index].time = time
        if !series[index].isExported {
            series[index].value = value
            if let place = families[Int(family)]?.append(number) { series[index].place = place }
            note(family: family)
        } else if series[index].value.bitPattern != value.bitPattern {
            series[index].value = value
            families[Int(family)]?.change(at: series[index].place)
            note(family: family)
        }
    }

    private mutating func describe(_ number: Int32, _ metric: ReportedMetric) {
        let index = Int(number)
        let family = Int(series[index].family)
        let held = series[index].description
        let described = FamilyDescription.of(metric, held: held, usual: families[family]?.usual)
        guard described !== held else { return }
        series[index].description = described
        if families[family]?.usual == nil { families[family]?.usual = described }
        families[family]?.describe()
        note(family: series[index].family)
    }
}
