import AsyncHTTP
import SQLite

/// Finds the reports that are still exported at a moment, without a look at those that are not any more.
struct UnexpiredReports {
    /// Milliseconds since 1970.
    let moment: Int64
    /// Of reports that do not say.
    let lifetime: Int64

    /// The columns of `ReportRow`, in the order of their sequences. Null before the first.
    func rows(
        of segment: Segment,
        after sequence: Int64,
        limit: Int,
        in database: Database
    ) throws(SQLiteError) -> Statement {
        let statement = try database.prepare(Self.sql(segment.table))
        try statement.bind(moment, at: 1)
        try statement.bind(Int64(limit), at: 2)
        try statement.bind(try beginning(in: segment, lifetime, after: sequence, database), at: 3)
        for (index, longest) in LifetimeClass.longest.enumerated() {
            let first = try beginning(in: segment, longest, after: sequence, database)
            try statement.bind(first, at: Int32(index + 4))
        }
        return statement
    }

    /// - Returns: a sequence that none of that lifetime comes before.
    private func beginning(
        in segment: Segment,
        _ lifetime: Int64?,
        after sequence: Int64,
        _ database: Database
    ) throws(SQLiteError) -> Int64 {
        guard let lifetime else { return sequence }
        let oldest = moment.subtractingReportingOverflow(lifetime)
        if oldest.overflow { return sequence }
        return max(sequence, try SegmentTable.newest(arrivedBy: oldest.partialValue, in: segment, database))
    }

    /// A part for each class, each of them in the order of an index and no longer than the whole may be.
    private static func sql(_ table: String) -> String {
        let own = LifetimeClass.longest.indices.map { number in
            """
            SELECT * FROM (
                SELECT sequence FROM \(table) INDEXED BY \(table)_lifetime
                WHERE ttl IS NOT NULL AND \(LifetimeClass.expression) = \(number) AND sequence > ?\(number + 4)
                    AND arrived + ttl > ?1
                ORDER BY sequence LIMIT ?2
            )
            """
        }
        let usual =
            "SELECT * FROM (SELECT sequence FROM \(table) WHERE sequence > ?3 AND ttl IS NULL ORDER BY sequence LIMIT ?2)"
        return """
            SELECT \(ReportRow.columns) FROM \(table)
            WHERE sequence IN (\((own + [usual]).joined(separator: " UNION ALL ")))
            ORDER BY sequence LIMIT ?2
            """
    }
}
