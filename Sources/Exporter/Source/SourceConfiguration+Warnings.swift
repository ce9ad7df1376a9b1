import TLS

extension SourceConfiguration {
    /// What makes a poll less safe than it looks, or has been configured for nothing.
    var warnings: [String] {
        if believesAnybody {
            return ["The agent's certificate is not verified: whoever is in between can read and change everything"]
        }
        if !isSecure, tls != TLSClientConfiguration() {
            return ["--agent.tls-* has no effect, because --agent.url does not begin with https://"]
        }
        return []
    }
}
