import Digests
import YAML

/// `basic_auth_users`, `basic_auth_scopes`, `bearer_tokens` and `health_without_auth`: who may.
enum AccessSection {
    static func read(_ file: WebSection, _ remarks: inout WebFileRemarks) throws(WebFileProblem) -> AccessRules {
        var rules = AccessRules()
        rules.users = try users(file, &remarks)
        rules.tokens = try tokens(file)
        rules.opensHealth = try file.boolean("health_without_auth") ?? false
        if rules.opensHealth, rules.isEmpty {
            remarks.add(
                "health_without_auth changes nothing: there are neither basic_auth_users nor bearer_tokens",
                line: file.line(of: "health_without_auth")
            )
        }
        return rules
    }

    // MARK: Users

    private static func users(
        _ file: WebSection,
        _ remarks: inout WebFileRemarks
    ) throws(WebFileProblem) -> [BasicUser] {
        let hashes = try WebSection.entries(of: file["basic_auth_users"], "basic_auth_users")
        var scopes: [[UInt8]: Set<Scope>] = [:]
        for entry in try WebSection.entries(of: file["basic_auth_scopes"], "basic_auth_scopes") {
            let name = Array(entry.name.utf8)
            guard hashes.contains(where: { $0.name.utf8.elementsEqual(name) }) else {
                throw WebFileProblem(
                    "basic_auth_scopes: there is no user \"\(entry.name)\" in basic_auth_users",
                    line: entry.place.line
                )
            }
            scopes[name] = try Self.scopes(entry.value, "basic_auth_scopes")
        }
        var users: [BasicUser] = []
        for entry in hashes {
            if entry.name.utf8.contains(UInt8(ascii: ":")) {
                remarks.add("nobody can log in as \"\(entry.name)\": the name has a colon", line: entry.place.line)
            }
            let hash = try hash(entry)
            users.append(BasicUser(name: entry.name, hash: hash, scopes: scopes[Array(entry.name.utf8)] ?? [.read]))
        }
        return users
    }

    private static func hash(_ entry: YAMLMapping.Entry) throws(WebFileProblem) -> PasswordHash {
        let text = try WebSection.text(entry.value, "the password of \"\(entry.name)\"")
        do throws(PasswordHash.Problem) {
            return try PasswordHash(text)
        } catch {
            throw WebFileProblem("the password of \"\(entry.name)\" \(error.reason)", line: entry.value.place.line)
        }
    }

    // MARK: Tokens

    private static func tokens(_ file: WebSection) throws(WebFileProblem) -> [BearerToken] {
        var tokens: [BearerToken] = []
        for node in try file.list("bearer_tokens") ?? [] {
            let token = try token(node)
            guard !tokens.contains(where: { $0.name.utf8.elementsEqual(token.name.utf8) }) else {
                throw WebFileProblem("bearer_tokens: there are two called \"\(token.name)\"", line: node.place.line)
            }
            guard !tokens.contains(where: { $0.digest == token.digest }) else {
                throw WebFileProblem(
                    "bearer_tokens: \"\(token.name)\" is one that stands before it",
                    line: node.place.line
                )
            }
            tokens.append(token)
        }
        return tokens
    }

    private static func token(_ node: YAMLNode) throws(WebFileProblem) -> BearerToken {
        let keys = ["name", "sha256", "scopes", "components"]
        guard let section = try WebSection(node, "bearer_tokens", knowing: keys) else {
            throw WebFileProblem("bearer_tokens: a token needs a name and a sha256", line: node.place.line)
        }
        let name = try section.text("name")
        if name.isEmpty { throw WebFileProblem("bearer_tokens: a token needs a name", line: section.line) }
        guard let digest = Digest(hexadecimal: try section.text("sha256")) else {
            throw WebFileProblem(
                "sha256 of \"\(name)\" has to be the 64 hexadecimal digits that sha256sum prints of the token",
                line: section.line(of: "sha256")
            )
        }
        let scopes = try section["scopes"].map { node throws(WebFileProblem) in try Self.scopes(node, "scopes") }
        return BearerToken(
            name: name,
            digest: digest,
            scopes: scopes ?? [.read],
            components: try components(section)
        )
    }

    private static func components(_ section: WebSection) throws(WebFileProblem) -> [Glob]? {
        guard section.contains("components") else { return nil }
        var globs: [Glob] = []
        for node in try section.list("components") ?? [] {
            globs.append(Glob(try WebSection.text(node, "components")))
        }
        guard !globs.isEmpty else {
            throw WebFileProblem(
                "components names none; leave it out to allow all of them",
                line: section.line(of: "components")
            )
        }
        return globs
    }

    // MARK: Scopes

    private static func scopes(_ node: YAMLNode, _ name: String) throws(WebFileProblem) -> Set<Scope> {
        guard case .sequence(let nodes) = node.content, !nodes.isEmpty else {
            throw WebFileProblem("\(name) has to be a list of read, write and admin", line: node.place.line)
        }
        var scopes: Set<Scope> = []
        for node in nodes { scopes.insert(try WebSection.choice(node, name, "scope")) }
        return scopes
    }
}

extension PasswordHash.Problem {
    /// What follows on the name of whose password it is.
    fileprivate var reason: String {
        switch self {
        case .tooShort: "is too short to be a bcrypt hash: make one with `htpasswd -nBC 10 \"\"`"
        case .prefix: "is no bcrypt hash: it has to begin with $2y$, $2b$ or $2a$"
        case .cost: "is a bcrypt hash with a cost that there is not: it is 4 to \(PasswordHash.greatestCost)"
        case .tooCostly(let cost):
            "is a bcrypt hash of cost \(cost), which takes too long to check: the cost is at most \(PasswordHash.greatestCost)"
        }
    }
}
