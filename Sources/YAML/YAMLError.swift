/// Why a text is no document that is taken, and where. It never repeats what stands there, which may be a secret.
package struct YAMLError: Error, Hashable, CustomStringConvertible {
    package let reason: String
    package let place: YAMLPlace

    package init(_ reason: String, at place: YAMLPlace) {
        self.reason = reason
        self.place = place
    }

    package var description: String { "line \(place.line), column \(place.column): \(reason)" }
}
