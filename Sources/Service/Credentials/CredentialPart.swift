import AsyncHTTP
import Flags

/// A header field that makes a client known, and where the secret in it comes from.
struct CredentialPart: Sendable {
    private enum Scheme: Sendable {
        case basic(user: String)
        case bearer
        case verbatim
    }

    private enum Origin: Sendable {
        case value(Secret)
        case file(SecretFile)
    }

    let name: String
    /// By what it was given, with its dashes.
    let flag: String
    private let scheme: Scheme
    private var origin: Origin

    private init(_ name: String, _ scheme: Scheme, _ source: SecretSource, flag: String, _ limit: ByteCount) {
        self.name = name
        self.flag = flag
        self.scheme = scheme
        let rule: SecretRule =
            switch scheme {
            case .basic: .password
            case .bearer: .token
            case .verbatim: .fieldValue
            }
        origin =
            switch source {
            case .value(let secret): .value(secret)
            case .file(let path): .file(SecretFile(path, rule, longest: limit))
            }
    }

    /// All that a configuration asks for.
    static func all(_ configuration: CredentialsConfiguration, _ flags: CredentialFlags) -> [CredentialPart] {
        let limit = configuration.longestFile
        typealias Name = CredentialFlags.Name
        func part(
            _ name: String,
            _ scheme: Scheme,
            _ source: SecretSource,
            _ value: Name,
            _ file: Name
        ) -> CredentialPart {
            let isFile = if case .file = source { true } else { false }
            return CredentialPart(name, scheme, source, flag: "--\(flags.name(isFile ? file : value))", limit)
        }
        var parts: [CredentialPart] = []
        if let user = configuration.user, let password = configuration.password {
            parts.append(part("Authorization", .basic(user: user), password, .password, .passwordFile))
        }
        if let token = configuration.token { parts.append(part("Authorization", .bearer, token, .token, .tokenFile)) }
        return parts
            + (configuration.fields + configuration.fieldFiles).map { field in
                part(field.name, .verbatim, field.source, .field, .fieldFile)
            }
    }

    var isFile: Bool { if case .file = origin { true } else { false } }

    /// The secret as it is now.
    mutating func secret() throws(CredentialProblem) -> Secret {
        switch origin {
        case .value(let secret): return secret
        case .file(var file):
            defer { origin = .file(file) }
            do throws(SecretFile.Unusable) {
                return try file.look()
            } catch {
                throw CredentialProblem(flag, error.reason)
            }
        }
    }

    /// What stands in the field, of which the secret may be a part.
    func value(_ secret: Secret) -> Secret {
        secret.reveal { text in
            switch scheme {
            case .basic(let user): Secret("Basic \(Base64.encode(Array("\(user):\(text)".utf8)))")
            case .bearer: Secret("Bearer \(text)")
            case .verbatim: Secret(text)
            }
        }
    }

    /// What must not be shown: the secret, and what stands behind the word for its kind, as in `Basic dTpw`.
    func hidden(_ secret: Secret) -> [Secret] {
        switch scheme {
        case .bearer: [secret]
        case .basic, .verbatim: [secret, value(secret).reveal { Secret($0.lastWord) }]
        }
    }
}

extension String {
    fileprivate var lastWord: String {
        lastIndex(of: " ").map { String(self[$0...].dropFirst()) } ?? self
    }
}
