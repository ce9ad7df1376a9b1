import AsyncHTTP
import Flags

/// A run: what is loaded, and how.
struct LoadPlan: Sendable, Hashable {
    /// When requests are due.
    enum Mode: String, Sendable {
        /// At a fixed rate, whether or not earlier ones have been answered.
        case open
        /// As soon as the one before it on the same connection has been answered.
        case closed
        /// Each scraper every interval.
        case scrapers
    }

    /// Connections are dealt out to them in turn. At least one.
    let urls: [ClientURL]
    let settings: LoadSettings

    init(_ urls: [ClientURL], _ settings: LoadSettings) {
        self.urls = urls
        self.settings = settings
    }

    var mode: Mode {
        settings.scrapers != nil ? .scrapers : settings.rate == nil ? .closed : .open
    }

    /// Some of it is encrypted.
    var isSecure: Bool { urls.contains(where: \.isSecure) }

    /// Measuring connections; each scraper has one.
    var connections: Int { settings.scrapers ?? settings.connections }

    /// How many files the process will have open at once, with some to spare.
    var descriptors: Int { connections + settings.slowReaders + settings.threads * 4 + 16 }

    /// Where connections for a URL go.
    func endpoint(of url: ClientURL) -> ClientEndpoint {
        settings.unixPath.map { .unix(path: $0) } ?? url.endpoint
    }

    /// The bytes of every request to a URL. A field of `--header` replaces that of the profile.
    func request(
        to url: ClientURL,
        with inputs: LoadInputs = LoadInputs(),
        keepAlive: Bool
    ) throws(HeadWriteError) -> [UInt8] {
        var host = url.authority
        var fields = HeaderFields()
        let own = Set(settings.fields.map { $0.name.lowercased() })
        let standard = settings.profile.fields(gzip: settings.gzip) + inputs.fields
        for field in standard.filter({ !own.contains($0.name.lowercased()) }) + settings.fields {
            try field.value.reveal { value throws(HeadWriteError) in
                if field.name.lowercased() == "host" { host = value } else { try fields.append(field.name, value) }
            }
        }
        let head = try RequestHeadWriter.head(
            settings.method,
            target: url.target,
            host: host,
            fields: fields,
            framing: framing(of: inputs.body),
            keepAlive: keepAlive
        )
        return head + (inputs.body ?? [])
    }

    /// Even a body of no bytes is announced where one is expected (RFC 9110 section 8.6).
    private func framing(of body: [UInt8]?) -> BodyFraming {
        if let body { return .length(body.count) }
        return [.post, .put, .patch].contains(settings.method) ? .length(0) : .none
    }
}
