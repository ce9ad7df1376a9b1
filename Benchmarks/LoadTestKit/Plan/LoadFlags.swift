import Flags

/// The flags of `loadtest`, in the order in which they are shown.
enum LoadFlags {
    static let all: [Flag<LoadSettings>] = load + requests + encryption + verdict
    /// What `-n` and its like stand for.
    static let letters: [Character: String] = ["n": "requests"]

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
        .value(
            "requests",
            nil,
            "COUNT",
            "",
            "Measure so many requests, in all, and end; -n for short. Alone it sets no time, and there is no warm-up unless"
                + " --warmup says so, whose requests are not among them. With --duration the run ends with whichever comes"
                + " first."
        ) { $0.requests = try Values.number($1, in: 1...1_000_000_000) },
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

    private static func rate(_ text: String) throws(ValueProblem) -> RequestRate? {
        if text == "max" { return nil }
        var reader = DigitReader(text)
        guard let rate = reader.decimal(scale: 1000), reader.isAtEnd, (1...1_000_000_000).contains(rate) else {
            throw ValueProblem("neither max nor a number of requests per second from 0.001 to 1000000")
        }
        return RequestRate(milliPerSecond: rate)
    }
}
