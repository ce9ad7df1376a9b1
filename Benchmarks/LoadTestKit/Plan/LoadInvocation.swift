import AsyncHTTP
import Flags
import TLS

/// What the arguments ask for. Pure: nothing is opened or printed here.
enum LoadInvocation: Sendable, Hashable {
    case run(LoadPlan)
    case help
    case version

    /// More have no line of their own in a report that can still be read.
    private static let mostURLs = 64

    static func parse(_ arguments: [String]) throws(UsageErrors) -> LoadInvocation {
        // A word that fits nowhere may be a piece of a secret that was not quoted.
        let hidesWords = LoadFlags.all.hasSecretFlag(in: arguments)
        let reader = ArgumentReader(
            arguments,
            flags: LoadFlags.all,
            information: ["help", "version"],
            hidesWords: hidesWords,
            letters: LoadFlags.letters
        )
        if let information = reader.information { return information == "help" ? .help : .version }
        var errors = reader.errors
        var settings = LoadSettings()
        for flag in LoadFlags.all {
            guard let texts = reader.given[flag.name] else { continue }
            do throws(UsageErrors) {
                try flag.set(&settings, to: texts, from: "--\(flag.name)")
            } catch {
                errors += error.errors
            }
        }
        let given = Set(reader.given.keys)
        settings.fillIn(given)
        errors += conflicts(settings, given) + encryptionConflicts(settings, given)
        do throws(UsageErrors) {
            let plan = LoadPlan(try urls(reader.operands, hidesWords: hidesWords), settings)
            if errors.isEmpty {
                errors += contradictions(plan)
                if errors.isEmpty { return .run(plan) }
            }
        } catch {
            errors += error.errors
        }
        throw UsageErrors(errors: errors)
    }

    private static func urls(_ operands: [String], hidesWords: Bool) throws(UsageErrors) -> [ClientURL] {
        var (urls, errors) = ([ClientURL](), [UsageError]())
        if operands.isEmpty {
            errors.append(UsageError("there is no URL, as in: loadtest http://localhost:8000/metrics"))
        }
        for text in operands.prefix(mostURLs) {
            do throws(ClientURLError) {
                urls.append(try ClientURL(text))
            } catch {
                let isURL = text.contains("://") || text.hasPrefix("unix:")
                let shown = error == .userInformation || hidesWords && !isURL ? "…" : text
                errors.append(
                    text.hasPrefix("-")
                        ? UsageError("unknown flag \(shown.quotedForMessage)")
                        : UsageError("URL", shown, ValueProblem("\(error)"))
                )
            }
        }
        if operands.count > mostURLs {
            errors.append(UsageError("there are \(operands.count) URLs; \(mostURLs) at most"))
        }
        guard errors.isEmpty else { throw UsageErrors(errors: errors) }
        return urls
    }

    // MARK: What does not go together

    private static func conflicts(_ settings: LoadSettings, _ given: Set<String>) -> [UsageError] {
        var errors: [UsageError] = []
        for name in ["rate", "connections"] where settings.scrapers != nil && given.contains(name) {
            errors.append(UsageError("--\(name) and --scrapers exclude each other: scrapers bring their own"))
        }
        var identities = ["user", "user-file", "token", "token-file"].filter(given.contains).map { "--\($0)" }
        if settings.fields.contains(where: { $0.name.lowercased() == "authorization" }) {
            identities.append("--header=Authorization")
        }
        if identities.count > 1 {
            let names = identities.joined(separator: " and ")
            errors.append(UsageError("\(names) exclude each other: a request has one Authorization"))
        }
        if settings.method == .head, settings.validation != .status {
            errors.append(
                UsageError(
                    "--validate=\(settings.validation.rawValue) and --method=HEAD exclude each other:"
                        + " an answer to HEAD has no body"
                )
            )
        }
        return errors
    }

    private static func encryptionConflicts(_ settings: LoadSettings, _ given: Set<String>) -> [UsageError] {
        var errors: [UsageError] = []
        let halves = [
            ("cert-file", settings.tls.certificate, "key-file"), ("key-file", settings.tls.key, "cert-file"),
        ]
        for (one, file, other) in halves where file != nil && !given.contains(other) {
            errors.append(UsageError("--\(one) needs --\(other): a certificate is shown together with its key"))
        }
        for name in ["ca-file", "tls-server-name"] where settings.tls.skipsVerification && given.contains(name) {
            errors.append(UsageError("--\(name) and --insecure exclude each other: any certificate is believed"))
        }
        return errors
    }

    /// What only shows when everything is put together.
    private static func contradictions(_ plan: LoadPlan) -> [UsageError] {
        var errors: [UsageError] = []
        let source = "\(plan.mode == .scrapers ? "--scrapers" : "--connections")=\(plan.connections)"
        if plan.settings.threads > plan.connections {
            errors.append(
                UsageError(
                    "--threads=\(plan.settings.threads) are more than \(source):"
                        + " a thread without a connection would send nothing of its share"
                )
            )
        }
        if plan.urls.count > plan.connections {
            errors.append(
                UsageError("\(plan.urls.count) URLs are more than \(source): each has connections of its own")
            )
        }
        if !plan.isSecure, plan.settings.tls != TLSClientConfiguration() {
            let names = LoadFlags.encryption.map { "--\($0.name)" }.joined(separator: ", ")
            errors.append(UsageError("no URL begins with https://, and \(names) are for those that do"))
        }
        for url in plan.urls {
            do throws(HeadWriteError) {
                _ = try plan.request(to: url, keepAlive: true)
            } catch {
                errors.append(UsageError("URL", "\(url)", ValueProblem("it cannot be asked for (\(error))")))
            }
        }
        return errors
    }
}

extension LoadSettings {
    /// The defaults that depend on which flags are given.
    fileprivate mutating func fillIn(_ given: Set<String>) {
        if bodyPath != nil, !given.contains("method") { method = .post }
        if method != .get, !given.contains("validate") { validation = .status }
        if requests != nil {
            if !given.contains("duration") { duration = nil }
            if !given.contains("warmup") { warmup = .zero }
        }
    }
}
