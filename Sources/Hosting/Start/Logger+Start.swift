package import AsyncHTTP
package import Flags
package import Service
package import TelemetryServer

/// What a program that serves tells of its start.
extension Logger {
    /// Warns of variables that are nearly others.
    ///
    /// - Parameter known: variables that another program has, or that are taken without effect.
    package func warn<Configuration>(
        ofVariablesIn invocation: Invocation<Configuration>,
        _ table: ProgramTable<Configuration>,
        besides known: [String] = []
    ) {
        for variable in table.mistaken(in: invocation.environment, besides: known) {
            warn(
                "variable without effect: it is nearly another",
                ("variable", LogValue(variable.name)),
                ("meant", LogValue(variable.meant))
            )
        }
    }

    /// Where people look, as a browser takes it.
    package static func page(of server: HTTPServer) -> String {
        server.port.map { "\(server.isSecure ? "https" : "http")://localhost:\($0)/" } ?? "none"
    }

    /// Where it listens, and by what it was configured.
    ///
    /// - Parameters:
    ///   - page: where people look; nil is the beginning of the server's paths.
    ///   - facts: what else this program has to say of itself.
    package func announce<Configuration>(
        _ server: HTTPServer,
        _ web: WebConfiguration,
        _ settings: [Invocation<Configuration>.Setting],
        page: String? = nil,
        _ facts: LogLine.Field...
    ) {
        log(
            .info,
            "starting",
            [("version", LogValue(BuildInfo.version)), ("revision", LogValue(BuildInfo.revision))] + facts + [
                ("listening", LogValue(server.addresses.joined(separator: " "))),
                ("telemetry_path", LogValue(web.telemetryPath)),
                ("page", LogValue(page ?? Self.page(of: server))),
            ]
        )
        if server.connectionLimit < web.maxConnections {
            warn(
                "the limit of open files allows fewer connections",
                ("connections", LogValue(server.connectionLimit)),
                ("wanted", LogValue(web.maxConnections))
            )
        }
        for setting in settings {
            info(
                "configured",
                ("flag", LogValue("--\(setting.flag)")),
                ("value", LogValue(setting.values.joined(separator: " "))),
                ("source", LogValue(setting.source))
            )
        }
    }
}
