/// Hashes that have been seen once, each in its place until another comes there.
///
/// Memory of its own instead of an array, for which it would have to be made sure at each look that nobody else is at it. Safe
/// because it lives as long as this, all of it is initialised, and no place is beyond its end.
@safe final class Sightings {
    private static let places = 256
    private let hashes: UnsafeMutablePointer<UInt64>

    init() {
        unsafe hashes = .allocate(capacity: Self.places)
        unsafe hashes.initialize(repeating: 0, count: Self.places)
    }

    deinit {
        unsafe hashes.deallocate()
    }

    /// Whether it has been seen before; from now on it has.
    func note(_ hash: UInt64) -> Bool {
        let place = Int(truncatingIfNeeded: hash % UInt64(Self.places))
        if unsafe hashes[place] == hash { return true }
        unsafe hashes[place] = hash
        return false
    }
}
