package import AsyncHTTP
package import TLS
import YAML

/// What Prometheus' web configuration file says, as every exporter takes it, and what is said beyond that here.
package struct AccessConfiguration: Sendable {
    /// Nil when connections are not encrypted.
    package var tls: TLSServerConfiguration?
    /// Where that is said.
    package var lineOfTLS: Int?
    /// What is added to each answer.
    package var headers = HeaderFields()
    package var rules = AccessRules()
    /// Nil when as many may come as like.
    package var rate: RequestRate?
    /// To be logged.
    package var remarks: [WebFileRemark] = []

    /// Nothing is locked.
    package init() {}

    /// As much as such a file, or one that it names, may have.
    package static let longest = ByteCount.mebibytes(1)

    /// Reads a file, and looks whether those that it names can be read. Blocks.
    package static func read(_ path: String) throws(WebFileError) -> AccessConfiguration {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try FileContents.read(path, limit: longest)
        } catch {
            throw WebFileError(path: path, line: nil, reason: "it cannot be read: \(error)")
        }
        return try read(bytes, of: path)
    }

    /// The same for what stands in it.
    static func read(_ bytes: [UInt8], of path: String) throws(WebFileError) -> AccessConfiguration {
        do throws(WebFileProblem) {
            return try AccessConfiguration(bytes, of: path)
        } catch {
            throw WebFileError(path: path, line: error.line, reason: error.reason)
        }
    }

    private static let sections = [
        "tls_server_config", "http_server_config", "basic_auth_users", "rate_limit", "bearer_tokens",
        "basic_auth_scopes", "health_without_auth",
    ]

    private init(_ bytes: [UInt8], of path: String) throws(WebFileProblem) {
        let document = try Self.document(bytes)
        var remarks = WebFileRemarks(path: path)
        if let rest = document.rest {
            remarks.add("only the first document is read; what begins here is not", line: rest.line)
        }
        guard let file = try WebSection(document.root, "", knowing: Self.sections) else {
            self.remarks = remarks.all
            return
        }
        let http = try HTTPSection(file["http_server_config"])
        if http.wantsHTTP2 { remarks.add("http2 is taken, and HTTP/1.1 is what is served", line: http.line) }
        headers = http.headers
        rate = try RateSection.read(file["rate_limit"])
        rules = try AccessSection.read(file, &remarks)
        let directory =
            path.utf8.contains(UInt8(ascii: "/")) ? String(path[...(path.lastIndex(of: "/") ?? path.startIndex)]) : ""
        lineOfTLS = file.line(of: "tls_server_config")
        tls = try TLSSection.read(file["tls_server_config"], in: directory, mayServeHTTP2: http.mayServeHTTP2, &remarks)
        self.remarks = remarks.all
    }

    private static func document(_ bytes: [UInt8]) throws(WebFileProblem) -> YAMLDocument {
        do throws(YAMLError) {
            return try YAMLDocument.read(bytes)
        } catch {
            throw WebFileProblem("\(error.reason) (column \(error.place.column))", line: error.place.line)
        }
    }
}
