import AsyncHTTP
package import Flags

extension StoreConfiguration {
    package static let flags: [Flag<StoreConfiguration>] = [
        .value(
            "store",
            "STORE",
            "WHERE",
            "sqlite:agent-hub.db",
            "Where reports are kept: sqlite:PATH, a file that is made if it is missing, or memory, which forgets everything with"
                + " the program."
        ) { $0.place = try place($1) },
        .value(
            "store.retention",
            "STORE_RETENTION",
            "DURATION",
            "30d",
            "How long reports are kept; they go a day at a time."
        ) { $0.retention = try Values.duration($1, atLeast: .seconds(3600), atMostDays: 36_500) },
        .value(
            "store.max-size",
            "STORE_MAX_SIZE",
            "SIZE",
            "10GiB",
            "How large the file may become; then the oldest day goes earlier."
        ) { $0.maxSize = try size($1) },
    ]

    private static let smallest = ByteCount.mebibytes(1)

    private static func size(_ text: String) throws(ValueProblem) -> ByteCount {
        let size = ByteCount.bytes(try Values.bytes(text, atMostGibibytes: 1 << 20))
        guard size >= smallest else { throw ValueProblem("not a size of at least 1MiB") }
        return size
    }

    private static func place(_ text: String) throws(ValueProblem) -> Place {
        if text == "memory" { return .memory }
        guard text.hasPrefix("sqlite:"), text.utf8.count > 7 else {
            throw ValueProblem("neither sqlite:PATH nor memory")
        }
        return .sqlite(path: try Values.filePath(String(text.dropFirst(7))))
    }
}
