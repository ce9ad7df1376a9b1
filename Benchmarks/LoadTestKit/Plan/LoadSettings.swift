import AsyncHTTP
import TLS

/// Everything that flags decide, with the defaults.
struct LoadSettings: Sendable, Hashable {
    /// Nil is as fast as the answers come.
    var rate: RequestRate? = .perSecond(1000)
    var connections = 64
    var scrapers: Int?
    var interval = Duration.seconds(1)
    var slowReaders = 0
    /// Nil is until all `requests` have been answered.
    var duration: Duration? = .seconds(10)
    /// How many are measured at the most, on all connections together.
    var requests: Int?
    var warmup = Duration.seconds(1)
    var timeout = Duration.seconds(10)
    var threads = 1
    var profile = RequestProfile.prometheus
    var method = HTTPMethod.get
    /// A file that is sent with each request, or standard input.
    var bodyPath: String?
    var fields: [RequestField] = []
    var credential: Credential?
    var gzip: Bool?
    var keepAlive = true
    var unixPath: String?
    /// Of https URLs.
    var tls = TLSClientConfiguration()
    var validation = Validation.newline
    var json = false
    var expectedP99: Duration?
    var toleratedErrors: Int?

    init() {}
}
