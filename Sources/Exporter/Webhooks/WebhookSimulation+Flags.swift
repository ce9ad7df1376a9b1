import AsyncHTTP
import Flags
import Hosting
import Service

extension WebhookSimulation {
    /// By which the receiver is reached.
    static let accessFlags = ClientAccessFlags("", variables: "WEBHOOK_")

    /// More would be more than a machine has ports for.
    private static let mostConnections = 10_000
    private static let mostWebhooks = 1_000_000_000
    private static let highestRate = 1_000_000

    static let flags: [Flag<WebhookSimulation>] =
        [
            .secret(
                "secret",
                "WEBHOOK_SECRET",
                "SECRET",
                "What webhooks are signed with. Better in a file: others may see what stands on a command line."
            ) { $0.secret = .value(try SecretRule.password.checked($1)) },
            .value(
                "secret-file",
                "WEBHOOK_SECRET_FILE",
                "PATH",
                "",
                "A file that holds the secret. A newline at its end is taken off."
            ) { $0.secret = .file(try Values.filePath($1)) },
            .value(
                "count",
                nil,
                "COUNT",
                "",
                "How many webhooks are sent. By default one, or as many as --duration has time for."
            ) { $0.count = try Values.number($1, in: 1...mostWebhooks) },
            .value(
                "duration",
                nil,
                "DURATION",
                "",
                "For how long webhooks are sent, unless --count ends it before."
            ) {
                $0.duration = try Values.duration($1, atLeast: .milliseconds(1))
            },
            .value("rate", nil, "COUNT", "", "Webhooks a second. By default as fast as answers come.") {
                $0.rate = try Values.number($1, in: 1...highestRate)
            },
            .value("connections", nil, "COUNT", "1", "Over so many connections, each with one webhook under way.") {
                $0.connections = try Values.number($1, in: 1...mostConnections)
            },
            .value("bad-signatures", nil, "PERCENT", "0", "How many of a hundred are signed with another secret.") {
                $0.badSignatures = try Values.number($1, in: 0...100)
            },
            .value(
                "failures",
                nil,
                "PERCENT",
                "0",
                "How many of a hundred have \"simulate\":\"failure\" in them, which asks a receiver that plays failures for one."
            ) { $0.failures = try Values.number($1, in: 0...100) },
            .value("payload-bytes", nil, "SIZE", "1", "The least size of a webhook: a shorter one is filled up.") {
                $0.payload = .bytes(try Values.bytes($1))
            },
            .value("seed", nil, "NUMBER", "", "The same number makes the same events again. By default another.") {
                $0.seed = UInt64(try Values.number($1, in: 0...Int.max))
            },
            .value(
                "timeout",
                nil,
                "DURATION",
                "5s",
                "How long an answer may take; a webhook without one is counted as unanswered, and not sent again."
            ) { $0.timeout = try Values.duration($1, atLeast: .milliseconds(1)) },
            .toggle("json", nil, "Print the summary as one line of JSON.") { $0.isJSON = $1 },
        ]
}
