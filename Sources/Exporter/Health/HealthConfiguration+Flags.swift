import Flags

extension HealthConfiguration {
    static let flags: [Flag<HealthConfiguration>] = [
        .value(
            "web.ready-requires",
            "WEB_READY_REQUIRES",
            "WHAT",
            "poll",
            "What /readyz waits for. poll: the first poll has finished; data: besides, a reading younger than max-age.",
            choices: ReadyRequirement.allCases.map(\.rawValue)
        ) { $0.readyRequires = try Values.choice($1) }
    ]
}
