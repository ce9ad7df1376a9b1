extension LatestState {
    static let lastReportName = "agent_hub_last_report_timestamp_seconds"
    static let lastReportHelp = "When a report of the component was kept last."

    /// Finds a component or makes it; nil if there is no place for another.
    mutating func component(_ component: Component, arrived: Int64) -> Int32? {
        if let number = componentNumbers[component] { return number }
        guard componentNumbers.count < limits.components || forgetSilent() else { return nil }
        let held = HeldComponent(
            component: component,
            runtimeID: component.runtimeID,
            lastReport: arrived,
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

    private func lastReport(_ number: Int32) -> Int64 { components[Int(number)]?.lastReport ?? 0 }

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
        guard let held = components[Int(number)] else { return }
        let (known, component, seconds) = (held.lastReportSeries, held.component, Double(last) / 1000)
        if known >= 0 { return set(known, seconds, time: arrived) }
        let family = family(Self.lastReportName, .gauge)
        let place = insert(
            SeriesKey(Self.lastReportName, of: component),
            family: family,
            component: number,
            until: .max
        )
        components[Int(number)]?.lastReportSeries = place
        set(place, seconds, time: arrived)
    }
}

extension HeldComponent {
    fileprivate mutating func remember(until time: Int64) { expiry = max(expiry, time) }

    /// Without what the hub says of it.
    var ownSeries: Int { series.count - (lastReportSeries >= 0 ? 1 : 0) }
}
