import AsyncHTTP
import JSON

/// `GET /api/metrics/components`: who reports, how old what they said is, how much there is of it.
enum ComponentList {
    /// - Parameter now: milliseconds since 1970.
    static func document(_ latest: Latest, _ registration: Registration, at now: Int64) -> [UInt8] {
        let accounts = latest.components().sorted { Self.key($0.component) < Self.key($1.component) }
        let silent = registration.all.subtracting(accounts.map(\.component)).sorted { Self.key($0) < Self.key($1) }
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("components")
            writer.array { writer in
                for account in accounts {
                    write(account, isRegistered: registration.holds(account.component), at: now, to: &writer)
                }
                for component in silent { write(silent: component, to: &writer) }
            }
            writer.name("count")
            writer.integer(accounts.count + silent.count)
        }
        return writer.bytes
    }

    private static func key(_ component: Component) -> (String, String, String) {
        (component.type, component.name, component.instance ?? "")
    }

    private static func write(
        _ account: ComponentAccount,
        isRegistered: Bool,
        at now: Int64,
        to writer: inout JSONWriter
    ) {
        writer.object { writer in
            writer.component(account.component)
            writer.name("runtime_id")
            writer.integer(account.runtimeID)
            writer.name("state")
            writer.string(account.state.rawValue)
            writer.name("registered")
            writer.boolean(isRegistered)
            writer.name("last_report")
            writer.time(account.lastReport)
            writer.name("age_seconds")
            writer.number(Double(max(0, now &- account.lastReport)) / 1000)
            writer.name("series")
            writer.integer(account.series)
            writer.name("reports")
            writer.integer(account.reports)
            writer.name("rejected")
            writer.integer(account.rejected)
        }
    }

    private static func write(silent component: Component, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.component(component)
            writer.name("runtime_id")
            writer.integer(component.runtimeID)
            writer.name("state")
            writer.string(ComponentState.silent.rawValue)
            writer.name("registered")
            writer.boolean(true)
            writer.name("last_report")
            writer.null()
            writer.name("age_seconds")
            writer.null()
            writer.name("series")
            writer.integer(0)
            writer.name("reports")
            writer.integer(0)
            writer.name("rejected")
            writer.integer(0)
        }
    }
}

/// Whether a component says anything.
enum ComponentState: String, Sendable {
    /// It has series that are exported.
    case reporting
    /// What it said has expired, or it has not said anything.
    case silent
}

extension ComponentAccount {
    var state: ComponentState { series > 0 ? .reporting : .silent }
}
