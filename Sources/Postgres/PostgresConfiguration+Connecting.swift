extension PostgresConfiguration {
    /// What libpq is given: addresses beside names, and our limits where the address says nothing of them.
    func connectionParameters() throws(PostgresError) -> [(String, String)] {
        var options = try options()
        for (keyword, value) in defaults where options[keyword] == nil { options[keyword] = value }
        // What is compared and stored here is UTF-8.
        options["client_encoding"] = "UTF8"
        let hosts = try resolvedHosts(PostgresHost.list(options))
        options["host"] = hosts.map(\.name).joined(separator: ",")
        options["hostaddr"] = hosts.map(\.address).joined(separator: ",")
        options["port"] = hosts.map(\.port).joined(separator: ",")
        return options.filter { !$0.value.allSatisfy { $0 == "," } }.sorted { $0.key < $1.key }
    }

    /// A name without an address is left out while there are others.
    private func resolvedHosts(_ hosts: [PostgresHost]) throws(PostgresError) -> [PostgresHost] {
        var (found, failure) = ([PostgresHost](), PostgresError?.none)
        for host in hosts {
            do throws(PostgresError) {
                found += try host.resolved(within: limits.connect)
            } catch {
                failure = error
            }
        }
        if found.isEmpty, let failure { throw failure }
        return found
    }

    private var defaults: [String: String] {
        [
            "fallback_application_name": applicationName,
            "connect_timeout": "\(max(2, limits.connect.components.seconds))",
            "tcp_user_timeout": "\(limits.unacknowledged.wholeMilliseconds)",
            "keepalives_idle": "\(max(1, limits.keepalive.components.seconds))",
            "keepalives_interval": "\(max(1, limits.keepalive.components.seconds))",
            "keepalives_count": "\(max(1, limits.keepaliveCount))",
        ]
    }

    /// What is said to the server first. Not as `options`, which poolers refuse.
    var session: String {
        """
        SET statement_timeout = \(limits.statement.wholeMilliseconds);
        SET lock_timeout = \(limits.lock.wholeMilliseconds);
        SET idle_in_transaction_session_timeout = \(limits.idleTransaction.wholeMilliseconds);
        SET tcp_keepalives_idle = \(max(1, limits.keepalive.components.seconds));
        SET tcp_keepalives_interval = \(max(1, limits.keepalive.components.seconds));
        SET tcp_keepalives_count = \(max(1, limits.keepaliveCount));
        SET tcp_user_timeout = \(limits.unacknowledged.wholeMilliseconds);
        SET timezone = 'UTC';
        SET datestyle = 'ISO';
        SET extra_float_digits = 1
        """
    }
}

extension Duration {
    /// As the server's settings have it; zero would mean for ever.
    fileprivate var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        return max(1, min(seconds, 2_000_000) &* 1000 &+ attoseconds / 1_000_000_000_000_000)
    }
}
