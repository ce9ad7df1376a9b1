import AsyncHTTP
import Service

/// What `simulate-webhook` sends, and how fast.
struct WebhookSimulation: Sendable, Hashable {
    var secret: SecretSource?
    /// Nil is one, or as many as fit into the duration.
    var count: Int?
    /// Nil is no end but that of the count.
    var duration: Duration?
    /// Webhooks a second; nil is as fast as answers come.
    var rate: Int?
    /// Each has one webhook under way at a time.
    var connections = 1
    /// Of a hundred, how many are signed with another secret.
    var badSignatures = 0
    /// Of a hundred, how many ask the receiver to fail.
    var failures = 0
    /// A shorter event is filled up to it.
    var payload = ByteCount.bytes(1)
    /// Until there is a connection, and again until there is an answer.
    var timeout = Duration.seconds(5)
    /// What the events are made from; nil is something else each time.
    var seed: UInt64?
    var isJSON = false

    /// How many there are to be in the end; nil when only time ends it.
    var planned: Int? { count ?? (duration == nil ? 1 : nil) }
}
