package import Flags

/// The flags by which a program is told its credentials for one server, by what their names begin with.
package struct CredentialFlags: Sendable, Hashable {
    /// What each is called behind that.
    enum Name: String {
        case user = "basic-auth-user"
        case password = "basic-auth-password"
        case passwordFile = "basic-auth-password-file"
        case token = "bearer-token"
        case tokenFile = "bearer-token-file"
        case field = "header"
        case fieldFile = "header-file"
    }

    private let prefix: String
    private let variables: String
    private let taken: [String]

    /// - Parameters:
    ///   - variables: what the names of variables begin with.
    ///   - taken: the header fields that the program writes itself.
    package init(_ prefix: String, variables: String, taken: [String] = []) {
        self.prefix = prefix
        self.variables = variables
        self.taken = taken
    }

    /// Without its dashes.
    func name(_ name: Name) -> String { prefix + name.rawValue }

    /// For whoever has given a user and a password in another way.
    package var advice: String { "give --\(name(.user)) and --\(name(.passwordFile))" }

    /// A user with a password, or a token.
    package var login: [Flag<CredentialsConfiguration>] {
        [
            .value(name(.user), "\(variables)BASIC_AUTH_USER", "NAME", "", "The user of basic authentication.") {
                $0.user = try Self.user($1)
            },
            .secret(
                name(.password),
                "\(variables)BASIC_AUTH_PASSWORD",
                "PASSWORD",
                "That user's password. Better in a file: others may see what stands on a command line."
            ) { $0.password = .value(try SecretRule.password.checked($1)) },
            .value(
                name(.passwordFile),
                "\(variables)BASIC_AUTH_PASSWORD_FILE",
                "PATH",
                "",
                "A file that holds the password, read again when it changes. A newline at its end is taken off."
            ) { $0.password = .file(try Values.filePath($1)) },
            .secret(
                name(.token),
                "\(variables)BEARER_TOKEN",
                "TOKEN",
                "A token, sent as Authorization: Bearer TOKEN. Better in a file, as the password."
            ) { $0.token = .value(try SecretRule.token.checked($1)) },
            .value(
                name(.tokenFile),
                "\(variables)BEARER_TOKEN_FILE",
                "PATH",
                "",
                "A file that holds the token, read again when it changes, as Kubernetes renews those of service accounts."
            ) { $0.token = .file(try Values.filePath($1)) },
        ]
    }

    /// Header fields of any name.
    package var fields: [Flag<CredentialsConfiguration>] {
        [
            .secrets(
                name(.field),
                "\(variables)HEADERS",
                "NAME=VALUE",
                "One more header field of each request; its value is never shown. Repeatable; the variable holds one per line."
            ) { [taken] configuration, texts in
                configuration.fields = try texts.map { text throws(ValueProblem) in
                    try SecretField(value: text, taken: taken)
                }
            },
            .list(
                name(.fieldFile),
                "\(variables)HEADER_FILES",
                "NAME=PATH",
                "",
                "The same with its value in a file, read again when it changes. Repeatable; the variable holds one per line."
            ) { [taken] configuration, texts in
                configuration.fieldFiles = try texts.map { text throws(ValueProblem) in
                    try SecretField(file: text, taken: taken)
                }
            },
        ]
    }

    /// A colon ends it where it is read (RFC 7617 section 2).
    private static func user(_ text: String) throws(ValueProblem) -> String {
        guard !text.isEmpty, !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }), !text.contains(":") else {
            throw ValueProblem("not the name of a user: it is empty, or holds a colon or a control character")
        }
        return text
    }
}
