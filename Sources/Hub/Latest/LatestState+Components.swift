extension LatestState {
    static let lastReportName = "agent_hub_last_report_timestamp_seconds"
    static let lastReportHelp = "When a report of the component was kept last."

    /// Makes a component that is not there; nil if there is no place for another.
    mutating func insert(_ component: Component, arrived: Int64) -> Int32? {
        guard componentNumbers.count < limits.components || forgetSilent() else { return nil }
        let held = HeldComponent(
            component,
            identifier: newIdentifier(),
            arrived: arrived,
            expiry: arrived.advanced(by: limits.componentMemory)
        )
        let number: Int32
        if let free = freeComponents.popLast() {
            number = free
            components[Int(free)] = held
        } else {
            number = Int32(components.count)
            components.append(held)
        }
        componentNumbers[component] = number
        componentExpiry.schedule(number, at: held.expiry)
        return number
    }

    /// Makes room by the component without series that has been silent longest.
    private mutating func forgetSilent() -> Bool {
        guard componentNumbers.count > componentsWithSeries else { return false }
        let silent = componentNumbers.values.filter { components[Int($0)]?.ownSeries == 0 }
        guard let number = silent.min(by: { lastReport($0) < lastReport($1) }) else { return false }
        forget(component: number)
        return true
    }

    private func lastReport(_ number: Int32) -> Int64 { components.span[Int(number)]?.lastReport ?? 0 }

    mutating func forget(component number: Int32) {
        guard let held = components[Int(number)] else { return }
        if held.lastReportSeries >= 0 { remove(series: held.lastReportSeries) }
        componentExpiry.remove(number)
        componentNumbers[held.component] = nil
        components[Int(number)] = nil
        freeComponents.append(number)
    }

    /// Notes that a report of it is kept.
    mutating func noteReport(of number: Int32, arrived: Int64, until expiry: Int64) {
        let last = max(lastReport(number), arrived)
        components[Int(number)]?.reports &+= 1
        components[Int(number)]?.lastReport = last
        components[Int(number)]?.remember(until: expiry.advanced(by: limits.componentMemory))
        guard let place = components.span[Int(number)]?.lastReportSeries else { return }
        set(place >= 0 ? place : insertLastReport(of: number), Double(last) / 1000, time: arrived)
    }

    private mutating func insertLastReport(of number: Int32) -> Int32 {
        let labels = components[Int(number)]?.component.exportedLabels ?? []
        let place = insert(
            SeriesKey(Self.lastReportName, beside: labels),
            .gauge,
            family: family(Self.lastReportName, .gauge),
            component: number,
            until: .max
        )
        components[Int(number)]?.lastReportSeries = place
        return place
    }
}

extension HeldComponent {
    fileprivate mutating func remember(until time: Int64) { expiry = max(expiry, time) }

    /// Without what the hub says of it.
    var ownSeries: Int { series.count - (lastReportSeries >= 0 ? 1 : 0) }
}
