import CPostgres
import Flags
import Glibc

/// Where a server is and who asks: what libpq itself takes, which is a URL, keywords, or the name of a service.
package struct PostgresConfiguration: Sendable, Hashable, CustomStringConvertible {
    private let place: PostgresAddress
    package var applicationName = "agent-hub"
    package var limits = PostgresLimits()

    /// Checks the form. What a service or a variable adds is looked up for each connection.
    ///
    /// - Parameter address: `postgres://user@host:5432/database?sslmode=verify-full`, `host=… user=…`, `service=…`.
    package init(_ address: String) throws(PostgresError) {
        place = .given(Secret(address))
        _ = try Self.parsed(address)
    }

    /// - Parameter file: it holds such an address, and is read for each connection: passwords change.
    package init(file: String) {
        place = .file(file)
    }

    /// Whom to show: no password, and nothing else that is nobody's business.
    package var description: String {
        guard let options = try? place.reveal({ text throws(PostgresError) in try Self.parsed(text) }) else {
            return place.description
        }
        if let service = options["service"] { return "service \(service)" }
        let hosts = PostgresHost.list(options).map(\.description).joined(separator: ",")
        return "\(hosts)/\(options["dbname"] ?? options["user"] ?? "")"
    }

    /// All options as libpq understands them now, with what a service file and the environment add.
    ///
    /// libpq does not tell without connecting. So it is given an option that it refuses, after it has read all others and before it
    /// looks for the server; and once more with another one, to hear of the first.
    func options() throws(PostgresError) -> [String: String] {
        var options = try read(refusing: "ssl_min_protocol_version")
        options["ssl_min_protocol_version"] = try read(refusing: "ssl_max_protocol_version")["ssl_min_protocol_version"]
        options["ssl_max_protocol_version"] = try read(refusing: "ssl_min_protocol_version")["ssl_max_protocol_version"]
        options["service"] = nil
        guard options["user"] != nil else {
            throw PostgresError(.configuration, "nobody is named who asks: write postgres://USER@HOST/DATABASE")
        }
        return options.filter { !$0.value.isEmpty }
    }

    private static let refused = "none of those that there are"

    private func read(refusing keyword: String) throws(PostgresError) -> [String: String] {
        try place.reveal { address throws(PostgresError) in try Self.read(address, refusing: keyword) }
    }

    private static func read(_ address: String, refusing keyword: String) throws(PostgresError) -> [String: String] {
        let pairs = [("dbname", address), (keyword, Self.refused)]
        let connection = unsafe Self.withParameters(pairs) { unsafe PQconnectStartParams($0, $1, 1) }
        guard let connection = unsafe connection else { throw PostgresError(.other, "out of memory") }
        defer { unsafe PQfinish(connection) }
        let message = unsafe String(cString: PQerrorMessage(connection))
        let options = unsafe Self.dictionary(PQconninfo(connection))
        // What it has said is the refusal that was wanted, or something that comes first.
        if message.contains(Self.refused) || options["user"] == nil { return options }
        throw PostgresError(.configuration, Self.withoutQuotations(message))
    }

    private static func parsed(_ address: String) throws(PostgresError) -> [String: String] {
        guard !address.utf8.contains(0) else { throw PostgresError(.configuration, "there is a NUL in the address") }
        var message: UnsafeMutablePointer<CChar>?
        let options = unsafe PQconninfoParse(address, &message)
        guard let options = unsafe options else {
            defer { unsafe PQfreemem(message) }
            let text = unsafe message.map { unsafe String(cString: $0) } ?? "out of memory"
            throw PostgresError(.configuration, withoutQuotations(text))
        }
        let found = unsafe dictionary(options)
        // Such an address was understood, but not as it was meant: what was to be a password is a name in it, and names are said.
        if isCutShort(address)
            || found["port"]?.utf8.contains(where: { !(0x30...0x39).contains($0) && $0 != 0x2C }) ?? false
        {
            throw PostgresError(
                .configuration,
                "a character in it ends the user, the password or the host before its end: write / as %2F, @ as %40, : as %3A, ? as %3F, # as %23"
            )
        }
        return found
    }

    /// Whether there is an `@` behind that which ends the user and the password.
    private static func isCutShort(_ address: String) -> Bool {
        guard let scheme = ["postgres://", "postgresql://"].first(where: address.hasPrefix) else { return false }
        let rest = address.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" }
        let path = rest.dropFirst(authority.count).prefix { $0 != "?" }
        return authority.filter { $0 == "@" }.count > 1 || path.contains("@")
    }

    /// What has a value. The list is freed.
    private static func dictionary(_ list: UnsafeMutablePointer<PQconninfoOption>?) -> [String: String] {
        defer { unsafe PQconninfoFree(list) }
        var options: [String: String] = [:]
        var next = unsafe list
        while let option = unsafe next, let keyword = unsafe option.pointee.keyword {
            if let value = unsafe option.pointee.val {
                unsafe options[String(cString: keyword)] = String(cString: value)
            }
            unsafe next = option + 1
        }
        return options
    }

    /// libpq repeats what it cannot read, and that may be a password: nothing between the first and the last quotation mark is shown.
    static func withoutQuotations(_ message: String) -> String {
        guard let first = message.firstIndex(of: "\""), let last = message.lastIndex(of: "\"") else {
            return message.trimmed
        }
        return "\(message[...first])…\(message[last...])".trimmed
    }

    /// Calls with two lists that end with nil, as libpq wants them.
    static func withParameters<Result>(
        _ pairs: [(String, String)],
        _ body: ([UnsafePointer<CChar>?], [UnsafePointer<CChar>?]) -> Result
    ) -> Result {
        let keywords = unsafe pairs.map { unsafe strdup($0.0) }
        let values = unsafe pairs.map { unsafe strdup($0.1) }
        defer { unsafe (keywords + values).forEach { unsafe free($0) } }
        return unsafe body(
            keywords.map { unsafe UnsafePointer($0) } + [nil],
            values.map { unsafe UnsafePointer($0) } + [nil]
        )
    }
}
