package import Flags

/// What cannot be said together.
extension CredentialFlags {
    package func conflicts<Configuration>(
        in invocation: Invocation<Configuration>,
        _ credentials: CredentialsConfiguration
    ) -> [UsageError] {
        let sources = Sources(flags: self) { invocation.source(of: $0) }
        return sources.twins + sources.schemes + sources.halves + sources.repeated(credentials)
    }

    /// Where each was given: the flag as it is written, or the variable.
    private struct Sources {
        let flags: CredentialFlags
        let find: (String) -> String?

        subscript(_ name: Name) -> String? { find(flags.name(name)) }

        /// A value and a file for the same thing.
        var twins: [UsageError] {
            [(Name.password, Name.passwordFile), (.token, .tokenFile)].compactMap { one, other in
                guard let one = self[one], let other = self[other] else { return nil }
                return UsageError("\(one) and \(other) exclude each other: one secret, from one place")
            }
        }

        /// There is one `Authorization`.
        var schemes: [UsageError] {
            guard let basic = self[.user] ?? self[.password] ?? self[.passwordFile],
                let bearer = self[.token] ?? self[.tokenFile]
            else { return [] }
            return [UsageError("\(basic) and \(bearer) exclude each other: a request has one Authorization")]
        }

        /// A user without a password, and the other way round.
        var halves: [UsageError] {
            let password = self[.password] ?? self[.passwordFile]
            if let password, self[.user] == nil {
                return [UsageError("\(password) needs a user: --\(flags.name(.user))")]
            }
            guard let user = self[.user], password == nil else { return [] }
            return [
                UsageError("\(user) needs a password: --\(flags.name(.passwordFile)) or --\(flags.name(.password))")
            ]
        }

        /// A header field that is set twice.
        func repeated(_ credentials: CredentialsConfiguration) -> [UsageError] {
            let login = [Name.user, .password, .passwordFile, .token, .tokenFile].lazy.compactMap { self[$0] }.first
            let fields = credentials.fields.map { ($0.name.lowercased(), self[.field]) }
            let files = credentials.fieldFiles.map { ($0.name.lowercased(), self[.fieldFile]) }
            var seen = login.map { ["authorization": $0] } ?? [:]
            return (fields + files).compactMap { name, source in
                guard let source else { return nil }
                guard let before = seen.updateValue(source, forKey: name) else { return nil }
                // Its name may be a secret that was written in the wrong place.
                let shown = name == "authorization" ? "Authorization" : "the same header field"
                return UsageError("\(before) and \(source) set \(shown): a request has it once")
            }
        }
    }
}
