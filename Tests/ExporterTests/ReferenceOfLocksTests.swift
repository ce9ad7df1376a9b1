import Testing

@testable import Exporter

@Suite("What the reference says of locks")
struct ReferenceOfLocksTests {
    @Test(
        "every metric of a locked port is in it, with its labels, though nothing is opened",
        arguments: [
            "| `agent_exporter_http_refused_total{reason}` | counter |",
            "| `agent_exporter_http_tls_handshakes_total{result}` | counter |",
            "| `agent_exporter_http_tls_certificate_not_after_timestamp_seconds` | gauge |",
            "| `agent_exporter_config_last_reload_successful` | gauge |",
            "| `agent_exporter_config_last_reload_success_timestamp_seconds` | gauge |",
            "| `agent_exporter_agent_tls_verification_disabled` | gauge |",
        ]
    )
    func has(row: String) throws {
        #expect(try ReferencePage.text().contains("\n\(row)"))
    }
}
