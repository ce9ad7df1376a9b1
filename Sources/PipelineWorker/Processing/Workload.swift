import Glibc

/// How long batches take: most about the median, a few several times as long, none no time at all; and how attempts fail, where
/// that is played. The same seed gives the same again.
struct Workload: Sendable, Hashable {
    /// The spread of the logarithm: one of twenty takes more than twice the median.
    private static let spread = 0.45

    private let configuration: ProcessingConfiguration
    private var state: UInt64

    init(_ configuration: ProcessingConfiguration, seed: UInt64) {
        self.configuration = configuration
        // Zero would stay zero.
        state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        for _ in 0..<4 { _ = next() }
    }

    /// How long an attempt takes: less than the timeout.
    mutating func duration(records: Int) -> Duration {
        let usual = configuration.duration + configuration.durationPerRecord * max(0, records)
        guard usual > .zero else { return .zero }
        let factor = exp(Self.spread * normal())
        // What takes too long has to be played: by itself nothing does.
        return min(.seconds(usual / .seconds(1) * factor), configuration.timeout * 0.9)
    }

    /// Whether an attempt comes to nothing, and how.
    mutating func failure(of batch: Batch) -> PlayedFailure? {
        if configuration.playsWishes, let wish = batch.wish { return wish }
        let chance = unit()
        if chance < configuration.failures { return .failure }
        return chance < configuration.failures + configuration.timeouts ? .timeout : nil
    }

    /// By Box and Muller.
    private mutating func normal() -> Double {
        (-2 * log(1 - unit())).squareRoot() * cos(2 * .pi * unit())
    }

    /// From 0 on, less than 1.
    private mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// xorshift64*.
    private mutating func next() -> UInt64 {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return state &* 0x2545_F491_4F6C_DD1D
    }
}
