import Access
import AsyncHTTP
import Service
import TLS
import TelemetryServer

/// What the web configuration file decides.
extension Sidecar {
    /// Nil where there is no such file.
    func locks(_ health: AgentHealth, _ holder: ServerHolder) throws -> Locks? {
        guard let path = configuration.web.configurationFile else { return nil }
        let locks = try Locks(
            path,
            realm: "agent-exporter",
            health: OpenHealth { health.routes.briefly($0) },
            renewed: { [logger] in Self.log(renewal: $0, logger) }
        )
        for remark in locks.remarks { logger.warn("configuration", ("remark", LogValue(remark))) }
        holder.locks = locks
        holder.reload = Reload(logger) {
            guard let server = holder.server else { throw NotServing() }
            return try locks.reload(for: server).map(\.description)
        }
        return locks
    }

    static func log(renewal problem: (any Error)?, _ logger: Logger) {
        if let problem {
            logger.error(
                "certificates have changed and are not good: those of before stand",
                ("error", LogValue("\(problem)"))
            )
        } else {
            logger.info("certificates have been renewed")
        }
    }

    /// Reads files again for whoever may ask for it.
    func reloading(_ holder: ServerHolder) -> Action {
        Action(
            Scope.reloadPath,
            handler: CrossSite.refusing { _, responder in
                guard let reload = holder.reload else {
                    return try await responder.send(.text("there is nothing to read again"))
                }
                if let problem = await reload.run() {
                    return try await responder.send(.text(problem, status: .internalServerError))
                }
                return try await responder.send(.text("read again"))
            }
        )
    }
}

/// There is nothing yet, or nothing any more, for which what is read could hold.
private struct NotServing: Error, CustomStringConvertible {
    let description = "the program starts or ends"
}
