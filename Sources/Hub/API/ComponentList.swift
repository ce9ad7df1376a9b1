import AsyncHTTP
import JSON

/// `GET /api/metrics/components`: who reports, how old what they said is, how much there is of it.
enum ComponentList {
    /// Those with series first, and by what they are called.
    ///
    /// - Parameter now: milliseconds since 1970.
    static func document(_ latest: Latest, _ registration: Registration, at now: Int64) -> [UInt8] {
        let known = KnownComponent.all(latest, registration).sorted { key($0) < key($1) }
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("components")
            writer.array { writer in
                for component in known { write(component, at: now, to: &writer) }
            }
            writer.name("count")
            writer.integer(known.count)
        }
        return writer.bytes
    }

    private static func key(_ known: KnownComponent) -> (Int, String, String, String) {
        let component = known.component
        return (known.account == nil ? 1 : 0, component.type, component.name, component.instance ?? "")
    }

    static func write(_ known: KnownComponent, at now: Int64, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.component(known.component)
            writer.name("runtime_id")
            writer.integer(known.runtimeID)
            writer.name("state")
            writer.string(known.state.rawValue)
            writer.name("registered")
            writer.boolean(known.isRegistered)
            writer.name("last_report")
            if let last = known.account?.lastReport { writer.time(last) } else { writer.null() }
            writer.name("age_seconds")
            if let age = known.age(at: now) { writer.number(age.wholeMilliseconds) } else { writer.null() }
            writer.name("series")
            writer.integer(known.series)
            writer.name("reports")
            writer.integer(known.reports)
            writer.name("rejected")
            writer.integer(known.rejected)
        }
    }
}
