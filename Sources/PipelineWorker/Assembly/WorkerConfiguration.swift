import Access
import AsyncHTTP
import Flags
import Hosting
import Service
import TelemetryServer

/// Everything that flags and variables decide, with the defaults.
struct WorkerConfiguration: Sendable, Hashable {
    static let port: UInt16 = 5000

    var webhook = WebhookConfiguration()
    var work = ProcessingConfiguration()
    var kamon = KamonConfiguration()
    var actuator = ActuatorConfiguration()
    var report = HubReportConfiguration()
    var web = WebConfiguration(port: port)
    var log = Service.LogConfiguration()
    var check = HealthcheckConfiguration()
}

/// Where the worker is asked as an agent.
struct ActuatorConfiguration: Sendable, Hashable {
    var addresses = [ListenAddress.port(8080)]

    static let flags: [Flag<ActuatorConfiguration>] = [
        .list(
            "actuator.listen-address",
            "ACTUATOR_LISTEN_ADDRESS",
            "ADDRESS",
            separators: " ,\n\t",
            ":8080",
            "Where \(ActuatorInfo.path) is, for a sidecar. The variable ACTUATOR_PORT gives the port alone."
        ) { configuration, texts in
            configuration.addresses = try texts.map { text throws(ListenAddressError) in
                try ListenAddress(parsing: text)
            }
        }
        .orVariable("ACTUATOR_PORT") { text throws(ValueProblem) in ":\(try Values.number(text, in: 0...65535))" }
    ]
}

extension WorkerConfiguration {
    static let serveFlags: [Flag<WorkerConfiguration>] =
        WebhookConfiguration.flags.map { $0.within(\.webhook) }
        + ProcessingConfiguration.flags.map { $0.within(\.work) }
        + KamonConfiguration.flags.map { $0.within(\.kamon) }
        + ActuatorConfiguration.flags.map { $0.within(\.actuator) }
        + HubReportConfiguration.flags.map { $0.within(\.report) }
        + webFlags + logFlags

    static let webFlags: [Flag<WorkerConfiguration>] =
        WebConfiguration.flags(WorkerConfiguration().web, besides: WorkerEndpoints.paths + [Scope.reloadPath]).map {
            $0.within(\.web)
        }

    static let logFlags: [Flag<WorkerConfiguration>] = Service.LogConfiguration.flags.map { $0.within(\.log) }

    static let checkFlags: [Flag<WorkerConfiguration>] = HealthcheckConfiguration.flags.map { $0.within(\.check) }

    /// What only shows when everything is put together.
    @Sendable static func check(_ invocation: Invocation<WorkerConfiguration>) -> [UsageError] {
        let configuration = invocation.configuration
        let source = { (flag: String) in invocation.source(of: flag) }
        var errors =
            HealthcheckConfiguration.credentialFlags.conflicts(in: invocation, configuration.check.credentials)
            + HealthcheckConfiguration.conflicts(source)
        if WorkerProgram.serving.contains(invocation.command) {
            errors += WebhookConfiguration.conflicts(source: source)
            errors += ProcessingConfiguration.conflicts(configuration.work)
            errors += HubReportConfiguration.accessFlags.conflicts(in: invocation, configuration.report.access)
            errors += configuration.web.wrongLocks(source)
        }
        return errors
    }
}

/// Every path of the port on which webhooks come.
enum WorkerEndpoints {
    static let documented: [(path: String, answer: String)] = [
        (WebhookConfiguration.path, "POST a signed webhook: 200 when its batch waits to be processed"),
        ("/healthz", "200 while the event loops run; JSON"),
        ("/readyz", "503 while the program ends; the same JSON"),
        ("/-/healthy", "as `/healthz`, in plain text"), ("/-/ready", "as `/readyz`, in plain text"),
    ]

    static var paths: [String] { documented.map(\.path) }
}
