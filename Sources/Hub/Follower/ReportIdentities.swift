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
        _ directory: RuntimeDirectory,
        _ connection: PostgresConnection
    ) throws(PostgresError) -> Set<Int64> {
        var named: [(runtime: Int64, place: Int)] = []
        for (place, report) in reports.enumerated() where report.reportID != nil {
            named.append((directory.identity(of: report.component), place))
        }
        if named.isEmpty { return [] }
        // In one order, so that two hubs do not wait for each other.
        named.sort { one, other in
            one.runtime != other.runtime
                ? one.runtime < other.runtime
                : (reports[one.place].reportID ?? "") < (reports[other.place].reportID ?? "")
        }
        let new = """
            unnest($2::bigint[], $3::text[], $4::bigint[], $5::bigint[]) AS new (runtime, name, sequence, arrived)
            """
        let parameters = [
            log.identity, ArrayText.of(named.lazy.map(\.runtime)),
            ArrayText.of(named.lazy.map { reports[$0.place].reportID }),
            ArrayText.of(named.lazy.map { reports[$0.place].sequence }),
            ArrayText.of(named.lazy.map { reports[$0.place].arrived }),
        ]
        let noted = try connection.query(
            """
            INSERT INTO noetl.reports AS known (runtime_id, report_id, log, sequence, arrived)
            SELECT new.runtime, new.name, $1::uuid, new.sequence, to_timestamp(new.arrived / 1000.0) FROM \(new)
            ON CONFLICT (runtime_id, report_id) DO UPDATE
            SET log = excluded.log, sequence = excluded.sequence, arrived = excluded.arrived
            WHERE abs(extract(epoch FROM excluded.arrived - known.arrived)) * 1000 > $6::bigint
            """,
            parameters + ["\(log.configuration.recognition.clampedMilliseconds)"]
        )
        if noted.affected == named.count { return [] }
        let others = try connection.query(
            """
            SELECT new.sequence FROM \(new) JOIN noetl.reports AS known ON runtime_id = new.runtime AND report_id = new.name
            WHERE known.xmin <> pg_current_xact_id()::xid AND $1::uuid IS NOT NULL
            """,
            parameters
        )
        return Set((0..<others.count).compactMap { others.integer($0, 0) })
    }

    /// As many as fit into one transaction: none twice in it, for the database would not know which is the later.
    static func beginning(of reports: [LoggedSamples], rows: Int) -> [LoggedSamples] {
        // By their hashes: two that have the same are written one after the other, which does no harm.
        var names: Set<Int> = []
        var count = 0
        let end = reports.firstIndex { report in
            if count >= rows { return true }
            count += report.samples.count
            guard let name = report.reportID else { return false }
            var hasher = Hasher()
            hasher.combine(report.component)
            hasher.combine(name)
            return !names.insert(hasher.finalize()).inserted
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
