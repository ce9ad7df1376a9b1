/// What one webhook is for, decided before it is sent.
enum WebhookIntent: Sendable, Hashable {
    /// To be taken.
    case taken
    /// To be refused: it is signed with another secret.
    case refused
    /// To fail, where the receiver plays failures.
    case failing

    /// Kinds are dealt from this many places.
    private static let places = 100
    /// Has no factor in common with their number, so that each place comes once in a hundred, and neighbours lie far apart.
    private static let stride = 61

    /// The intent of one in a row: every hundred has exactly as many of each kind as is asked for.
    ///
    /// - Parameters:
    ///   - refused: of a hundred.
    ///   - failing: of a hundred.
    init(ofNumber number: Int, refused: Int, failing: Int, seed: UInt64) {
        let shift = Int(seed % UInt64(Self.places))
        let place = (number % Self.places * Self.stride + shift) % Self.places
        self = place < refused ? .refused : place < refused + failing ? .failing : .taken
    }
}
