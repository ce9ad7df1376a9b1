/// Everything that is held, in tables whose rows are numbers. Times are milliseconds since 1970.
///
/// What is done for each sample looks at rows through spans, which copies nothing of them.
struct LatestState: Sendable {
    let limits: LatestLimits

    var series: [HeldSeries] = []
    var freeSeries: [Int32] = []
    var numbers: [SeriesKey: Int32] = [:]
    /// Of components' series; the hub's own are not counted.
    var seriesCount = 0
    var seriesExpiry = ExpiryHeap()

    var families: [HeldFamily?] = []
    var freeFamilies: [Int32] = []
    var familyNumbers: [String: Int32] = [:]
    private var nextIdentifier: UInt64 = 0

    var components: [HeldComponent?] = []
    var freeComponents: [Int32] = []
    var componentNumbers: [Component: Int32] = [:]
    var componentExpiry = ExpiryHeap()
    /// The others are silent, and make room where it is needed.
    var componentsWithSeries = 0

    /// Families to look at, and those that are gone.
    var noted: [Int32] = []
    var removed: [UInt64] = []

    init(_ limits: LatestLimits) {
        self.limits = limits
    }

    /// Another one each time.
    mutating func newIdentifier() -> UInt64 {
        nextIdentifier &+= 1
        return nextIdentifier
    }

    // MARK: Families

    mutating func family(_ name: String, _ kind: ReportedKind) -> Int32 {
        if let number = familyNumbers[name] { return number }
        let family = HeldFamily(name, kind, identifier: newIdentifier())
        let number: Int32
        if let free = freeFamilies.popLast() {
            number = free
            families[Int(free)] = family
        } else {
            number = Int32(families.count)
            families.append(family)
        }
        familyNumbers[name] = number
        return number
    }

    private mutating func release(family number: Int32) {
        families[Int(number)]?.holders -= 1
        guard let family = families[Int(number)], family.holders == 0 else { return }
        familyNumbers[family.name] = nil
        families[Int(number)] = nil
        freeFamilies.append(number)
        removed.append(family.identifier)
    }

    /// Something of it is to be rendered again.
    mutating func note(family number: Int32) {
        guard families.span[Int(number)]?.isNoted == false else { return }
        families[Int(number)]?.isNoted = true
        noted.append(number)
    }

    // MARK: Series

    /// Makes a place; it has no sample yet.
    mutating func insert(
        _ key: SeriesKey,
        _ kind: ReportedKind,
        family: Int32,
        component: Int32,
        until expiry: Int64
    ) -> Int32 {
        let held = HeldSeries(
            line: key.line,
            component: component,
            family: family,
            expiry: expiry,
            generation: 0,
            placeInComponent: Int32(components[Int(component)]?.series.count ?? 0),
            kind: kind
        )
        let number: Int32
        if let free = freeSeries.popLast() {
            number = free
            let generation = series[Int(free)].generation
            series[Int(free)] = held
            series[Int(free)].generation = generation &+ 1
        } else {
            number = Int32(series.count)
            series.append(held)
        }
        numbers[key] = number
        families[Int(family)]?.holders += 1
        components[Int(component)]?.series.append(number)
        return number
    }

    mutating func remove(series number: Int32) {
        let held = series[Int(number)]
        numbers[SeriesKey(line: held.line)] = nil
        if held.isExported {
            if let moved = families[Int(held.family)]?.remove(at: held.place) { series[Int(moved)].place = held.place }
            note(family: held.family)
        }
        forget(number, of: held)
        // Its generation stays, so that whoever remembers it knows that it is gone.
        series[Int(number)].line = []
        series[Int(number)].description = nil
        series[Int(number)].place = -1
        series[Int(number)].generation = held.generation &+ 1
        freeSeries.append(number)
        release(family: held.family)
    }

    private mutating func forget(_ number: Int32, of held: HeldSeries) {
        guard let last = components[Int(held.component)]?.series.popLast(), last != number else { return }
        components[Int(held.component)]?.series[Int(held.placeInComponent)] = last
        series[Int(last)].placeInComponent = held.placeInComponent
    }
}
