import AsyncHTTP
import Postgres

/// The reports of all hubs that were sent with a `report_id`: a client that has had no answer sends the same again, perhaps to
/// another hub, and both have it in their logs.
enum ReportIdentities {
    /// Notes those that are new, and finds those that are not. It waits for another hub that is just writing one of them.
    ///
    /// Recognised is what the log would recognise: the same name later than that is another report.
    /// - Returns: sequences of reports that are there already.
    static func duplicates(
        among reports: [LoggedSamples],
        of log: Log,
        _ connection: PostgresConnection
    ) throws(PostgresError) -> Set<Int64> {
        var named: [(runtime: Int64, name: String, report: LoggedSamples)] = []
        for report in reports {
            guard let name = report.reportID else { continue }
            named.append((report.component.runtimeID, name, report))
        }
        if named.isEmpty { return [] }
        // In one order, so that two hubs do not wait for each other.
        named.sort { ($0.runtime, $0.name) < ($1.runtime, $1.name) }
        let rows = try connection.query(
            """
            INSERT INTO noetl.reports AS known (runtime_id, report_id, log, sequence, arrived)
            SELECT new.runtime, new.name, $1::uuid, new.sequence, to_timestamp(new.arrived / 1000.0)
            FROM unnest($2::bigint[], $3::text[], $4::bigint[], $5::bigint[]) AS new (runtime, name, sequence, arrived)
            ON CONFLICT (runtime_id, report_id) DO UPDATE
            SET log = excluded.log, sequence = excluded.sequence, arrived = excluded.arrived
            WHERE abs(extract(epoch FROM excluded.arrived - known.arrived)) * 1000 > $6::bigint
            RETURNING sequence
            """,
            [
                log.identity, ArrayText.of(named.map(\.runtime)), ArrayText.of(named.map(\.name)),
                ArrayText.of(named.map(\.report.sequence)), ArrayText.of(named.map(\.report.arrived)),
                "\(log.configuration.recognition.clampedNanoseconds / 1_000_000)",
            ]
        )
        var duplicates = Set(named.map(\.report.sequence))
        for row in 0..<rows.count {
            if let sequence = rows.integer(row, 0) { duplicates.remove(sequence) }
        }
        return duplicates
    }

    /// As many as fit into one transaction: none twice in it, for the database would not know which is the later.
    static func beginning(of reports: [LoggedSamples], rows: Int) -> [LoggedSamples] {
        struct Name: Hashable {
            let component: Component
            let name: String
        }
        var names: Set<Name> = []
        var count = 0
        let end = reports.firstIndex { report in
            if count >= rows { return true }
            count += report.samples.count
            guard let name = report.reportID else { return false }
            return !names.insert(Name(component: report.component, name: name)).inserted
        }
        return Array(reports[..<(end ?? reports.endIndex)])
    }

    /// Forgets those that no hub can have in its log unread any more, some at a time.
    static func delete(
        before moment: Int64,
        atOnce count: Int,
        _ connection: PostgresConnection
    ) throws(PostgresError) {
        var deleted = count
        while deleted >= count {
            let rows = try connection.query(
                """
                WITH old AS (
                    SELECT ctid FROM noetl.reports WHERE arrived < to_timestamp($1::bigint / 1000.0) LIMIT $2::int
                ), gone AS (DELETE FROM noetl.reports WHERE ctid IN (SELECT ctid FROM old) RETURNING 1)
                SELECT count(*) FROM gone
                """,
                ["\(moment)", "\(count)"]
            )
            deleted = Int(rows.integer(0, 0) ?? 0)
        }
    }
}
