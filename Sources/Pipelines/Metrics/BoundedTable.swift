import Telemetry

/// Values by text. Each text has one of its own until there are as many as there may be; all others share one.
struct BoundedTable<Value> {
    /// What is shared is called as it is in `Telemetry`. Whoever uses the word for one of his own has the shared one.
    static var overflow: String { Labeled<Counter>.overflow }

    /// What a text has.
    struct Place {
        let value: Value
        let isShared: Bool
    }

    private let limit: Int
    private var places: [String: Place] = [:]

    init(limit: Int) { self.limit = limit }

    var values: some Collection<Value> { places.values.lazy.map(\.value) }

    /// The value of a text.
    ///
    /// - Parameter make: makes one that is not there yet, for this text or for all that share it.
    mutating func place(of text: String, make: (_ text: String, _ isShared: Bool) -> Value) -> Place {
        if let place = places[text] { return place }
        let shared = places[Self.overflow]
        let isShared = text == Self.overflow || places.count - (shared == nil ? 0 : 1) >= limit
        if isShared, let shared { return shared }
        let name = isShared ? Self.overflow : text
        let place = Place(value: make(name, isShared), isShared: isShared)
        places[name] = place
        return place
    }

    /// Frees the place of a text. What is shared stays.
    mutating func remove(_ text: String) {
        if text != Self.overflow { places[text] = nil }
    }
}

extension BoundedTable: Sendable where Value: Sendable {}
extension BoundedTable.Place: Sendable where Value: Sendable {}
