import AsyncHTTP

/// Everything that flags decide, with the defaults.
struct LoadSettings: Sendable, Hashable {
    /// Nil is as fast as the answers come.
    var rate: RequestRate? = .perSecond(1000)
    var connections = 64
    var scrapers: Int?
    var interval = Duration.seconds(1)
    var slowReaders = 0
    var duration = Duration.seconds(10)
    var warmup = Duration.seconds(1)
    var timeout = Duration.seconds(10)
    var threads = 1
    var profile = RequestProfile.prometheus
    var fields: [RequestField] = []
    var gzip: Bool?
    var keepAlive = true
    var unixPath: String?
    var validation = Validation.newline
    var json = false
    var expectedP99: Duration?
    var toleratedErrors: Int?

    init() {}
}

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

    let url: ClientURL
    let settings: LoadSettings

    init(_ url: ClientURL, _ settings: LoadSettings) {
        self.url = url
        self.settings = settings
    }

    var mode: Mode {
        settings.scrapers != nil ? .scrapers : settings.rate == nil ? .closed : .open
    }

    /// Measuring connections; each scraper has one.
    var connections: Int { settings.scrapers ?? settings.connections }

    /// How many files the process will have open at once, with some to spare.
    var descriptors: Int { connections + settings.slowReaders + settings.threads * 4 + 16 }

    /// Where connections go.
    var endpoint: ClientEndpoint { settings.unixPath.map { .unix(path: $0) } ?? url.endpoint }

    /// The bytes of every request. A field of `--header` replaces that of the profile.
    func request(keepAlive: Bool) throws(HeadWriteError) -> [UInt8] {
        var host = "\(url.endpoint)"
        var fields = HeaderFields()
        let own = Set(settings.fields.map { $0.name.lowercased() })
        let all = settings.profile.fields(gzip: settings.gzip).filter { !own.contains($0.name.lowercased()) }
        for field in all + settings.fields {
            if field.name.lowercased() == "host" {
                host = field.value
            } else {
                try fields.append(field.name, field.value)
            }
        }
        return try RequestHeadWriter.head(
            .get,
            target: url.target,
            host: host,
            fields: fields,
            keepAlive: keepAlive
        )
    }
}
