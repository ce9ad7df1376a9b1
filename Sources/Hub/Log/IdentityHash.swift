/// 64 bits of what a component calls a report, under a key: SipHash-2-4 (Aumasson and Bernstein, 2012).
///
/// Nobody who does not know the key can find two names with one hash. By chance two names of one component within a day have the same
/// once in two billion days when it reports every second, and once in 2,400 days when it reports a thousand times a second: the later
/// report is then taken for the first. The same in every process, for the key is kept.
struct IdentityHash: Sendable {
    private let key: (UInt64, UInt64)

    init(key: (UInt64, UInt64)) {
        self.key = key
    }

    /// The key is the log's UUID.
    init(log identity: String) {
        let digits = identity.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        func half(_ digits: ArraySlice<Int>) -> UInt64 { digits.reduce(0) { $0 << 4 | UInt64($1) } }
        key = (half(digits.prefix(16)), half(digits.dropFirst(16).prefix(16)))
    }

    func identity(_ reportID: String, of component: Int64) -> Int64 {
        var state = State(key)
        state.add(UInt64(bitPattern: component))
        return Int64(bitPattern: hash(reportID, state, length: 8))
    }

    func hash(_ text: String) -> UInt64 {
        hash(text, State(key), length: 0)
    }

    private func hash(_ text: String, _ start: State, length: Int) -> UInt64 {
        let bytes = text.utf8.span
        var (state, word, index) = (start, UInt64(0), 0)
        while index < bytes.count {
            word |= UInt64(bytes[index]) << UInt64(8 * (index & 7))
            index &+= 1
            if index & 7 == 0 {
                state.add(word)
                word = 0
            }
        }
        state.add(word | UInt64(truncatingIfNeeded: length &+ bytes.count) << 56)
        return state.end()
    }

    private struct State {
        private var v0, v1, v2, v3: UInt64

        init(_ key: (UInt64, UInt64)) {
            v0 = key.0 ^ 0x736f_6d65_7073_6575
            v1 = key.1 ^ 0x646f_7261_6e64_6f6d
            v2 = key.0 ^ 0x6c79_6765_6e65_7261
            v3 = key.1 ^ 0x7465_6462_7974_6573
        }

        mutating func add(_ word: UInt64) {
            v3 ^= word
            round()
            round()
            v0 ^= word
        }

        mutating func end() -> UInt64 {
            v2 ^= 0xFF
            for _ in 0..<4 { round() }
            return v0 ^ v1 ^ v2 ^ v3
        }

        private mutating func round() {
            v0 &+= v1
            v1 = Self.turned(v1, by: 13) ^ v0
            v0 = Self.turned(v0, by: 32)
            v2 &+= v3
            v3 = Self.turned(v3, by: 16) ^ v2
            v0 &+= v3
            v3 = Self.turned(v3, by: 21) ^ v0
            v2 &+= v1
            v1 = Self.turned(v1, by: 17) ^ v2
            v2 = Self.turned(v2, by: 32)
        }

        private static func turned(_ word: UInt64, by bits: UInt64) -> UInt64 { word &<< bits | word &>> (64 &- bits) }
    }
}
