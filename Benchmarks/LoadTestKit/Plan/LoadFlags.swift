import AsyncHTTP
import Flags

/// The flags of `loadtest`, in the order in which they are shown.
enum LoadFlags {
    static let all: [Flag<LoadSettings>] = load + requests + verdict

    private static let shortest = Duration.milliseconds(1)

    private static let load: [Flag<LoadSettings>] = [
        .value(
            "rate",
            nil,
            "RATE",
            "1000",
            "Requests per second, in all. Each is due at its moment whether or not earlier ones have been answered, and its"
                + " latency counts from then. max: each connection asks again as soon as it has been answered.",
            choices: ["max"]
        ) { $0.rate = try rate($1) },
        .value("connections", nil, "COUNT", "64", "Connections that carry the requests.") {
            $0.connections = try Values.number($1, in: 1...100_000)
        },
        .value(
            "scrapers",
            nil,
            "COUNT",
            "",
            "Instead of --rate and --connections: so many independent scrapers, each with a connection of its own, that"
                + " ask once per interval."
        ) { $0.scrapers = try Values.number($1, in: 1...100_000) },
        .value("interval", nil, "DURATION", "1s", "How often each scraper asks, a little early or late each time.") {
            $0.interval = try Values.duration($1, atLeast: shortest)
        },
        .value("slow-readers", nil, "COUNT", "0", "Besides, so many peers that ask and hardly read. Not measured.") {
            $0.slowReaders = try Values.number($1, in: 0...100_000)
        },
        .value("duration", nil, "DURATION", "10s", "How long it is measured.") {
            $0.duration = try Values.duration($1, atLeast: shortest)
        },
        .value("warmup", nil, "DURATION", "1s", "How long the same load runs before it is measured.") {
            $0.warmup = try Values.duration($1)
        },
        .value("timeout", nil, "DURATION", "10s", "How long one answer may take, connecting included.") {
            $0.timeout = try Values.duration($1, atLeast: shortest)
        },
        .value(
            "threads",
            nil,
            "COUNT",
            "1",
            "Event loops that share the load. One sends more than most servers can take."
        ) {
            $0.threads = try Values.number($1, in: 1...256)
        },
    ]

    private static let requests: [Flag<LoadSettings>] = [
        .value(
            "profile",
            nil,
            "NAME",
            "prometheus",
            "Whose request headers are sent: prometheus, vmagent or curl.",
            choices: RequestProfile.allCases.map(\.rawValue)
        ) { $0.profile = try Values.choice($1) },
        .list("header", nil, "NAME:VALUE", "", "One more header, or another value for one of the profile's.") {
            settings,
            texts in
            settings.fields = []
            for text in texts { settings.fields.append(try field(text)) }
        },
        .toggle("gzip", nil, "Whether gzip is accepted, whatever the profile does. prometheus and vmagent accept it.") {
            $0.gzip = $1
        },
        .toggle("keep-alive", nil, standard: true, "Whether a connection carries more than one request.") {
            $0.keepAlive = $1
        },
        .value("unix", nil, "PATH", "", "Connect to this unix socket; the URL says what is asked there.") {
            $0.unixPath = try unixPath($1)
        },
        .value(
            "validate",
            nil,
            "WHAT",
            "newline",
            "What makes an answer valid, besides a status of 2xx. length: its body is complete and not empty; newline:"
                + " besides, it ends with one; parse: besides, it is an exposition that Prometheus can read.",
            choices: Validation.allCases.map(\.rawValue)
        ) { $0.validation = try Values.choice($1) },
    ]

    private static let verdict: [Flag<LoadSettings>] = [
        .toggle("json", nil, "Print one JSON object instead of text.") { $0.json = $1 },
        .value(
            "expect-p99",
            nil,
            "DURATION",
            "",
            "Exit with 1 unless 99 % of all requests that were due have been answered, and rightly, within this."
        ) { $0.expectedP99 = try Values.duration($1) },
        .value(
            "expect-errors",
            nil,
            "COUNT",
            "",
            "Exit with 1 if there were more errors than this. Requests that were due and never sent count, too."
        ) { $0.toleratedErrors = try Values.number($1, in: 0...1_000_000_000) },
    ]

    // MARK: Values

    private static func rate(_ text: String) throws(ValueProblem) -> RequestRate? {
        if text == "max" { return nil }
        var reader = DigitReader(text)
        guard let rate = reader.decimal(scale: 1000), reader.isAtEnd, (1...1_000_000_000).contains(rate) else {
            throw ValueProblem("neither max nor a number of requests per second from 0.001 to 1000000")
        }
        return RequestRate(milliPerSecond: rate)
    }

    private static func field(_ text: String) throws(ValueProblem) -> RequestField {
        let halves = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2 else { throw ValueProblem("not NAME:VALUE, as in 'Authorization: Bearer abc'") }
        let field = RequestField(String(halves[0]), String(halves[1].drop { $0 == " " }))
        let reserved = ["content-length", "transfer-encoding", "connection"]
        var fields = HeaderFields()
        guard !reserved.contains(field.name.lowercased()), (try? fields.append(field.name, field.value)) != nil else {
            throw ValueProblem(
                "not a header that can be sent; \(reserved.joined(separator: ", ")) follow from other flags"
            )
        }
        return field
    }

    private static func unixPath(_ text: String) throws(ValueProblem) -> String {
        guard text.hasPrefix("/"), SocketAddress(unixPath: text) != nil else {
            throw ValueProblem("not an absolute path of at most 107 bytes")
        }
        return text
    }
}
