import AsyncHTTP
import Flags
import Service

extension WebhookConfiguration {
    static let secretFlag = "webhook.secret"
    static let fileFlag = "webhook.secret-file"

    static let flags: [Flag<WebhookConfiguration>] = [
        .secret(
            secretFlag,
            "WEBHOOK_SECRET",
            "SECRET",
            "What webhooks are signed with. Better in the variable or in a file: others see a flag in the list of processes."
        ) { configuration, secret throws(ValueProblem) in
            if secret.isEmpty { throw ValueProblem("empty") }
            configuration.secret = .value(try SecretRule.password.checked(secret))
        },
        .value(
            fileFlag,
            "WEBHOOK_SECRET_FILE",
            "PATH",
            "",
            "A file that holds it. SIGHUP reads it again."
        ) { $0.secret = .file(try Values.filePath($1)) },
        .value(
            "webhook.window",
            "WEBHOOK_WINDOW",
            "DURATION",
            "30s",
            "How far the time in a signature may be from now, either way."
        ) { configuration, text throws(ValueProblem) in
            configuration.window = try Values.duration(text, atLeast: .seconds(1))
            // As the times in signatures.
            guard configuration.window.components.attoseconds == 0 else { throw ValueProblem("not whole seconds") }
        },
        .toggle(
            "webhook.refuse-replays",
            "WEBHOOK_REFUSE_REPLAYS",
            "Refuse a signature that has been taken before. Times are whole seconds, so the same body twice in a second is refused, too."
        ) { $0.refusesReplays = $1 },
        .value(
            "webhook.max-body",
            "WEBHOOK_MAX_BODY",
            "SIZE",
            "1MiB",
            "The longest body; a longer one gets 413."
        ) { $0.body = .bytes(try Values.bytes($1)) },
    ]

    /// - Parameter source: where a flag was given; nil if it was not.
    static func conflicts(source: (String) -> String?) -> [UsageError] {
        switch (source(secretFlag), source(fileFlag)) {
        case (let secret?, let file?):
            [UsageError("\(secret) and \(file) exclude each other: one secret, from one place")]
        case (nil, nil):
            [
                UsageError(
                    "there is no secret to check webhooks with: give it in the variable WEBHOOK_SECRET, or a file by --\(fileFlag)"
                )
            ]
        default: []
        }
    }
}
