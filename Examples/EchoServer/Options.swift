import AsyncHTTP

/// The flags of `echo-server`: where it listens, and every limit and timeout of the library.
struct Options {
    var threads = 1
    var addresses: [ListenAddress] = []
    var limits = ServerLimits()

    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    init(_ arguments: some Sequence<String>) throws {
        var arguments = arguments.makeIterator()
        while let flag = arguments.next() {
            guard let value = arguments.next() else { throw Problem(description: "\(flag) needs a value") }
            try set(flag, value)
        }
        if addresses.isEmpty { addresses = [.port(8080)] }
    }

    private mutating func set(_ flag: String, _ value: String) throws {
        func number() throws -> Int {
            guard let number = Int(value), number >= 0 else {
                throw Problem(description: "\(flag) \(value): not a number")
            }
            return number
        }
        func duration() throws -> Duration {
            guard let seconds = Double(value), seconds >= 0 else {
                throw Problem(description: "\(flag) \(value): not seconds")
            }
            return .seconds(seconds)
        }
        switch flag {
        case "--threads": threads = max(1, try number())
        case "--port": addresses.append(.port(UInt16(clamping: try number())))
        case "--listen":
            guard let address = value == "systemd" ? .systemd : ListenAddress(value) else {
                throw Problem(description: "\(flag) \(value): not an address")
            }
            addresses.append(address)
        case "--request-line": limits.request.requestLine = try number()
        case "--header-bytes": limits.request.headerBytes = try number()
        case "--header-count": limits.request.headerCount = try number()
        case "--body": limits.body = .bytes(try number())
        case "--discarded-body": limits.discardedBody = .bytes(try number())
        case "--connections": limits.connections = try number()
        case "--pipelined-requests": limits.pipelinedRequests = try number()
        case "--header-timeout": limits.headerTimeout = try duration()
        case "--body-timeout": limits.bodyTimeout = try duration()
        case "--idle-timeout": limits.idleTimeout = try duration()
        case "--write-timeout": limits.writeTimeout = try duration()
        case "--linger-timeout": limits.lingerTimeout = try duration()
        case "--drain-timeout": limits.drainTimeout = try duration()
        default: throw Problem(description: "\(flag): no such flag")
        }
    }
}
