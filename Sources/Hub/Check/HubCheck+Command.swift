import AsyncHTTP
import Reporting

extension HubCheck where Time == EventLoopClock {
    /// `check URL`: prints a line for each check.
    ///
    /// - Parameters:
    ///   - security: encrypts, for a hub that is asked by https.
    ///   - fields: fields that make us known to the hub.
    /// - Returns: the exit status: 0 if all is well, 1 otherwise.
    static func run(
        _ hub: HubURL,
        _ configuration: HubCheckConfiguration,
        security: StreamSecurity? = nil,
        fields: @escaping @Sendable () async throws -> HeaderFields = { HeaderFields() },
        write: @escaping @Sendable (String) -> Void = { StandardOutput.write($0) }
    ) throws -> Int32 {
        var limits = ClientLimits()
        limits.connectTimeout = min(limits.connectTimeout, configuration.timeout)
        limits.firstByteTimeout = configuration.timeout
        limits.totalTimeout = configuration.timeout
        // The whole export of a large site.
        limits.body = .mebibytes(256)
        let findings = try withEventLoops { [limits] group in
            let client = HTTPClient(hub.endpoint, on: group.first, limits: limits, security: security)
            var generator = SystemRandomNumberGenerator()
            let check = HubCheck(
                hub,
                through: client,
                within: configuration.timeout,
                clock: group.first.clock,
                fields: try await fields(),
                generator: &generator
            )
            let findings = await check.run()
            await client.close()
            return findings
        }
        for finding in findings { write(finding.line + "\n") }
        return findings.allSatisfy(\.isGood) ? 0 : 1
    }
}
