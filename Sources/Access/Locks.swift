package import AsyncHTTP
import Synchronization
import TLS
import Telemetry

/// Everything by which servers are locked, as a web configuration file says it: encryption, who may, how often. It can be read
/// again while they work.
package final class Locks: Sendable {
    /// What reading has found that is no error.
    package let remarks: [WebFileRemark]
    private let path: String
    private let encryption: ServerTLS?
    private let authoriser: Authoriser
    private let rate: RateLimit
    private let counters: AccessCounters
    private let headers: HeaderFields

    /// Reads the file, and what it names. Blocks.
    ///
    /// - Parameters:
    ///   - realm: what is locked, as browsers show it.
    ///   - health: what is told without credentials where the file opens that.
    ///   - renewed: told when certificates have changed in their files: nil, or what is wrong with them.
    package init(
        _ path: String,
        realm: String,
        health: OpenHealth,
        renewed: @escaping @Sendable ((any Error)?) -> Void = { _ in }
    ) throws {
        let configuration = try AccessConfiguration.read(path)
        counters = AccessCounters()
        encryption = try configuration.naming(path) { tls throws(TLSError) in try ServerTLS(tls, renewed: renewed) }
        authoriser = try Authoriser(configuration.rules, realm: realm, counters: counters, health: health)
        rate = RateLimit(configuration.rate, counters: counters)
        headers = configuration.headers
        remarks = configuration.remarks
        self.path = path
    }

    /// Whether a program would start with this file, and whether it would encrypt.
    ///
    /// - Throws: what is wrong with it, or with a file that it names.
    @discardableResult
    package static func check(_ path: String) throws -> Bool {
        try AccessConfiguration.read(path).naming(path) { tls throws(TLSError) in try ServerTLS(tls) } != nil
    }

    /// Whether connections are encrypted.
    package var areSecure: Bool { encryption != nil }

    package var security: StreamSecurity? { encryption?.security }

    /// The rate first: to know who somebody is can cost much.
    package var middleware: [any Middleware] { [rate, authoriser] }

    package var statistics: AccessStatistics { counters.statistics }

    /// When the certificate that is shown ends, in seconds since 1970; nil when none is shown.
    package var endOfCertificate: Int64? { encryption?.endOfValidity }

    /// Adds what is said with every answer.
    package func prepare(_ server: HTTPServer) throws {
        try server.setCommonFields(headers)
    }

    /// Reads the file again. When anything is wrong with it, everything stays as it was. Blocks.
    ///
    /// - Returns: what it has found that is no error.
    package func reload(for servers: [HTTPServer]) throws -> [WebFileRemark] {
        let configuration = try AccessConfiguration.read(path)
        if configuration.rules.isEmpty, !authoriser.isOpen {
            throw WebFileError(
                path: path,
                line: nil,
                reason:
                    "it would let everybody in, who had to say who they are: start the program again if that is meant"
            )
        }
        switch (encryption, configuration.tls) {
        case (nil, nil): break
        case (let encryption?, _?):
            try configuration.naming(path) { tls throws(TLSError) in try encryption.replace(with: tls) }
        default:
            throw WebFileError(
                path: path,
                line: nil,
                reason: "encryption cannot be switched on or off while the program runs: start it again"
            )
        }
        authoriser.replace(with: configuration.rules)
        rate.replace(with: configuration.rate)
        for server in servers {
            try server.setCommonFields(configuration.headers)
            server.forgetKnownRequests()
        }
        return configuration.remarks
    }
}

extension AccessConfiguration {
    /// Does something with what is said of encryption, if anything is. What is wrong with it is told with the place in the file.
    @discardableResult
    fileprivate func naming<Result>(
        _ path: String,
        _ body: (TLSServerConfiguration) throws(TLSError) -> Result
    ) throws(WebFileError) -> Result? {
        guard let tls else { return nil }
        do throws(TLSError) {
            return try body(tls)
        } catch {
            throw WebFileError(path: path, line: lineOfTLS, reason: "tls_server_config: \(error)")
        }
    }
}
