import AsyncHTTP
import Cache
import Service
import TLS

/// What is polled, how often, and what is read from it.
struct SourceConfiguration: Sendable, Hashable {
    var endpoint = ClientEndpoint.internet(host: "localhost", port: 8080)
    /// It is asked by https.
    var isSecure = false
    /// What stands in the request line.
    var target = "/actuator/info"
    var pollInterval = Duration.seconds(1)
    var connectTimeout = Duration.seconds(1)
    var timeout = Duration.seconds(5)
    var maxBody = ByteCount.mebibytes(1)
    var backoffInitial = Duration.seconds(1)
    var backoffMax = Duration.seconds(30)
    var gauges: [GaugeMapping] = []
    /// Whom it believes to be the agent, and what it shows of itself.
    var tls = TLSClientConfiguration()
    var credentials = CredentialsConfiguration()

    /// Where it is, as it would be written in a flag.
    var description: String { "\(ClientURL(endpoint, target, isSecure: isSecure))" }

    /// Whoever answers is believed to be the agent.
    var believesAnybody: Bool { isSecure && tls.skipsVerification }

    /// The client ends a poll that takes too long, and can say what it was waiting for; the schedule ends one that does not.
    var schedule: RefreshSchedule {
        RefreshSchedule(
            interval: pollInterval,
            timeout: timeout + .milliseconds(250),
            backoff: Backoff(initial: backoffInitial, cap: backoffMax)
        )
    }
}
