/// How long an agent that is shutting down is waited for.
struct DrainConfiguration: Sendable, Hashable {
    var timeout = Duration.seconds(43_200)
}
