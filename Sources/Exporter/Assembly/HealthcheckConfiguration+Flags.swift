import AsyncHTTP
import Flags

extension HealthcheckConfiguration {
    static let flags: [Flag<HealthcheckConfiguration>] = [
        .value(
            "url",
            nil,
            "URL",
            "",
            "What is asked. By default /healthz of an exporter on this machine, found by WEB_LISTEN_ADDRESS and PORT."
        ) { $0.url = try ClientURL($1) },
        .value("timeout", nil, "DURATION", "3s", "How long the answer may take.") {
            $0.timeout = try Values.duration($1, atLeast: .milliseconds(1))
        },
    ]
}
