import Flags

/// Whose requests are sent: the fields that these programs send, in their order.
enum RequestProfile: String, Sendable, Hashable, CaseIterable {
    /// Prometheus 3 with its default configuration.
    case prometheus
    case vmagent
    case curl

    private static let scrapeTimeout = "10"

    /// - Parameter gzip: nil is what the program does by itself.
    func fields(gzip: Bool?) -> [RequestField] {
        let wantsGzip = gzip ?? (self != .curl)
        let coding = RequestField("Accept-Encoding", wantsGzip ? "gzip" : "identity")
        switch self {
        case .prometheus:
            return [
                RequestField("User-Agent", "Prometheus/3.5.0"), RequestField("Accept", Self.prometheusAccept), coding,
                RequestField("X-Prometheus-Scrape-Timeout-Seconds", Self.scrapeTimeout),
            ]
        case .vmagent:
            return [
                RequestField("User-Agent", "vm_promscrape"),
                RequestField("Accept", "text/plain;version=0.0.4;q=1,*/*;q=0.1"), coding,
                RequestField("X-Prometheus-Scrape-Timeout-Seconds", "\(Self.scrapeTimeout).000"),
            ]
        case .curl:
            let plain = [RequestField("User-Agent", "curl/8.14.1"), RequestField("Accept", "*/*")]
            return wantsGzip ? plain + [coding] : plain
        }
    }

    private static let prometheusAccept =
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
        + "application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
        + "text/plain;version=0.0.4;q=0.3,*/*;q=0.2"
}

/// One field of a request.
struct RequestField: Sendable, Hashable {
    let name: String
    /// Of any field may somebody have made the password of a server.
    let value: Secret

    init(_ name: String, _ value: Secret) {
        self.name = name
        self.value = value
    }

    init(_ name: String, _ value: String) {
        self.init(name, Secret(value))
    }
}
