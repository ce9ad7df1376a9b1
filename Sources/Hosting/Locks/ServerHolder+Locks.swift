import Access
import AsyncHTTP
package import Service
package import TelemetryServer

/// What the web configuration file decides.
extension ServerHolder {
    /// Reads the file, and holds what it locks; nothing where there is no such file.
    ///
    /// - Parameters:
    ///   - realm: what is locked, as browsers show it.
    ///   - health: what may be told without credentials.
    ///   - others: reads what else there is to read again; what it returns makes it hold, once all of it could be read.
    package func lock(
        by path: String?,
        realm: String,
        health: HealthRoutes,
        others: (@Sendable () throws -> @Sendable () -> Void)? = nil,
        _ logger: Logger
    ) throws {
        let locks = try path.map {
            try Locks(
                $0,
                realm: realm,
                health: OpenHealth { health.briefly($0) },
                renewed: { logger.log(renewal: $0) }
            )
        }
        for remark in locks?.remarks ?? [] { logger.warn("configuration", ("remark", LogValue(remark))) }
        self.locks = locks
        guard locks != nil || others != nil else { return }
        reload = Reload(logger) { [self] in
            let servers = servers
            if servers.isEmpty { throw NotServing() }
            let hold = try others?()
            let remarks = try locks?.reload(for: servers) ?? []
            hold?()
            return remarks.map(\.description)
        }
    }

    /// Reads files again for whoever may ask for it.
    package var reloading: Action {
        Action(
            Scope.reloadPath,
            handler: CrossSite.refusing { _, responder in
                guard let reload = self.reload else {
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

extension Logger {
    /// Tells that files of certificates have changed: nil, or what is wrong with them.
    package func log(renewal problem: (any Error)?) {
        if let problem {
            error(
                "certificates have changed and are not good: those of before stand",
                ("error", LogValue("\(problem)"))
            )
        } else {
            info("certificates have been renewed")
        }
    }
}

/// There is nothing yet, or nothing any more, for which what is read could hold.
private struct NotServing: Error, CustomStringConvertible {
    let description = "the program starts or ends"
}
