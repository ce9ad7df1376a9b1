import Cache

/// Everything that one seed decides: how the refresher is set up, what its source does, who looks at it and when.
struct Scenario: Sendable {
    /// What one fetch does.
    enum Behaviour: CaseIterable, Sendable {
        /// Answers within the timeout.
        case success
        /// Takes about as long as the timeout, and answers if it is let.
        case slow
        /// Never answers; ends when it is cancelled.
        case hang
        /// Fails within the timeout.
        case fail
        /// Never looks at cancellation, and answers after the timeout.
        case stubborn
    }

    let schedule: RefreshSchedule
    let maxAge: Duration
    /// When the run is cancelled.
    let end: Duration
    /// How likely a fetch is to succeed, so that some schedules are mostly good and some mostly bad.
    let health: Double
    /// How likely the clock is to jump each time it moves, and how far.
    let jumps: Double
    /// When someone looks at the state.
    let looks: [Duration]
    /// When someone calls `refreshNow`, and how long he waits.
    let requests: [(at: Duration, patience: Duration)]

    init(generator: inout SeededGenerator) {
        func milliseconds(_ range: ClosedRange<Int64>) -> Duration {
            .milliseconds(Int64.random(in: range, using: &generator))
        }
        let initial = milliseconds(50...2000)
        schedule = RefreshSchedule(
            interval: milliseconds(100...5000),
            timeout: milliseconds(100...5000),
            backoff: Backoff(
                initial: initial,
                factor: .random(in: 1...4, using: &generator),
                cap: initial * Int.random(in: 1...64, using: &generator),
                jitter: .random(in: 0...0.6, using: &generator)
            )
        )
        maxAge = milliseconds(100...20_000)
        let end = milliseconds(1...60_000)
        self.end = end
        health = .random(in: 0...1, using: &generator)
        jumps = [0, 0, 0.02, 0.2].randomElement(using: &generator) ?? 0
        looks = (0..<6).map { _ in end * Double.random(in: 0...1, using: &generator) }
        requests = (0..<Int.random(in: 0...4, using: &generator)).map { _ in
            (end * Double.random(in: 0...1.1, using: &generator), milliseconds(0...8000))
        }
    }
}
