import CPostgres

extension PostgresConnection {
    /// Sends rows in COPY's text format, and returns how many have been taken: all, or it throws.
    ///
    /// The server reads some while the next are being written, so it is best to write a few at a time.
    /// - Parameters:
    ///   - target: a table, and its columns in parentheses.
    ///   - meanwhile: done when everything is sent and the server still works on it.
    ///   - write: appends some of the rows. False when there are no more.
    package func copy(
        into target: String,
        meanwhile: () -> Void = {},
        _ write: (inout CopyText) throws(PostgresError) -> Bool
    ) throws(PostgresError) -> Int {
        _ = try unsafe result(of: PQexec(handle, "COPY \(target) FROM STDIN"))
        var text = CopyText(capacity: Self.chunk)
        var failure: PostgresError?
        var isSent = true
        do throws(PostgresError) {
            while isSent, try write(&text) {
                if text.bytes.count >= Self.chunk { isSent = send(&text) }
            }
        } catch {
            failure = error
        }
        guard isSent, send(&text), unsafe PQputCopyEnd(handle, failure == nil ? nil : "given up") == 1 else {
            let error = lastError
            drain()
            throw error
        }
        if failure == nil { meanwhile() }
        let outcome = unsafe PQgetResult(handle)
        defer { drain() }
        if let failure {
            unsafe PQclear(outcome)
            throw failure
        }
        return try unsafe result(of: outcome).affected
    }

    /// All of them at once.
    package func copy(into target: String, _ rows: CopyText) throws(PostgresError) -> Int {
        var rest: CopyText? = rows
        return try copy(into: target) { text in
            guard let rows = rest else { return false }
            text = rows
            rest = nil
            return true
        }
    }

    /// So much is handed over at once: libpq keeps a copy until it is sent.
    private static let chunk = 65_536

    private func send(_ text: inout CopyText) -> Bool {
        defer { text.removeAll() }
        return unsafe text.bytes.withUnsafeBytes { bytes in
            guard let first = unsafe bytes.assumingMemoryBound(to: CChar.self).baseAddress else { return true }
            var offset = 0
            while offset < bytes.count {
                let count = min(Self.chunk, bytes.count - offset)
                guard unsafe PQputCopyData(handle, first + offset, Int32(clamping: count)) == 1 else { return false }
                offset += count
            }
            return true
        }
    }

    private func drain() {
        while let rest = unsafe PQgetResult(handle) {
            let status = unsafe PQresultStatus(rest)
            unsafe PQclear(rest)
            // A connection that has ended says so again and again while it copies.
            if status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH { return }
        }
    }
}
