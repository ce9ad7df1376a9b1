import AsyncHTTP
import Flags

/// What is sent, as whom, and when an answer is a good one.
extension LoadFlags {
    /// Those that say what a resource can be asked, of the methods that a client has a use for.
    private static let methods: [HTTPMethod] = [.get, .head, .post, .put, .patch, .delete, .options]

    static let requests: [Flag<LoadSettings>] =
        [
            .value(
                "method",
                nil,
                "METHOD",
                "GET",
                "What is asked: \(methods.map(\.name).joined(separator: ", ")). With a body POST is the default.",
                choices: methods.map(\.name)
            ) { $0.method = try method($1) },
            .value(
                "body-file",
                nil,
                "PATH",
                "",
                "Send this file with each request; - is standard input. It is read once, and may have 16 MiB. Its Content-Type"
                    + " follows from its bytes (JSON, text or neither), unless --header says it."
            ) { $0.bodyPath = try Values.filePath($1) },
        ] + fields + answers

    private static let fields: [Flag<LoadSettings>] = [
        .value(
            "profile",
            nil,
            "NAME",
            "prometheus",
            "Whose request headers are sent: prometheus, vmagent or curl.",
            choices: RequestProfile.allCases.map(\.rawValue)
        ) { $0.profile = try Values.choice($1) },
        .secrets(
            "header",
            nil,
            "NAME:VALUE",
            "One more header, or another value for one of the profile's. Values are shown nowhere."
        ) { settings, texts in
            settings.fields = []
            for text in texts { settings.fields.append(try text.reveal(field)) }
        },
        .secret(
            "user",
            nil,
            "NAME:PASSWORD",
            "Say who asks, by basic authentication. Better in a file: others may see what stands on a command line."
        ) { $0.credential = try Credential(.user, $1) },
        .value("user-file", nil, "PATH", "", "The same, NAME:PASSWORD in a file of one line.") {
            $0.credential = Credential(.user, file: try Values.filePath($1))
        },
        .secret("token", nil, "TOKEN", "Say who asks, by a bearer token. Better in a file, as the password.") {
            $0.credential = try Credential(.token, $1)
        },
        .value("token-file", nil, "PATH", "", "The same, the token in a file of one line.") {
            $0.credential = Credential(.token, file: try Values.filePath($1))
        },
        .toggle("gzip", nil, "Whether gzip is accepted, whatever the profile does. prometheus and vmagent accept it.") {
            $0.gzip = $1
        },
        .toggle("keep-alive", nil, standard: true, "Whether a connection carries more than one request.") {
            $0.keepAlive = $1
        },
        .value(
            "unix",
            nil,
            "PATH",
            "",
            "Connect to this unix socket, whatever host the URL names; the URL says what is asked there."
        ) { $0.unixPath = try unixPath($1) },
    ]

    private static let answers: [Flag<LoadSettings>] = [
        .value(
            "validate",
            nil,
            "WHAT",
            "newline",
            "What makes an answer valid, besides a status of 2xx. status: its body is complete, and may be empty; length:"
                + " it is not empty; newline: besides, it ends with one; parse: besides, it is an exposition that"
                + " Prometheus can read. For other methods than GET the default is status.",
            choices: Validation.allCases.map(\.rawValue)
        ) { $0.validation = try Values.choice($1) }
    ]

    // MARK: Values

    private static func method(_ text: String) throws(ValueProblem) -> HTTPMethod {
        guard let method = methods.first(where: { $0.name == text.uppercased() }) else {
            throw ValueProblem("not one of \(methods.map(\.name).joined(separator: ", "))")
        }
        return method
    }

    private static func field(_ text: String) throws(ValueProblem) -> RequestField {
        let halves = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2 else { throw ValueProblem("not NAME:VALUE, as in 'Authorization: Bearer abc'") }
        let (name, value) = (String(halves[0]), String(halves[1].drop { $0 == " " }))
        let reserved = ["content-length", "transfer-encoding", "connection"]
        var fields = HeaderFields()
        guard !reserved.contains(name.lowercased()), (try? fields.append(name, value)) != nil else {
            throw ValueProblem(
                "not a header that can be sent; \(reserved.joined(separator: ", ")) follow from other flags"
            )
        }
        return RequestField(name, Secret(value))
    }

    private static func unixPath(_ text: String) throws(ValueProblem) -> String {
        guard text.hasPrefix("/"), SocketAddress(unixPath: text) != nil else {
            throw ValueProblem("not an absolute path of at most 107 bytes")
        }
        return text
    }
}
