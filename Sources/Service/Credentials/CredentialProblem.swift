import AsyncHTTP

/// Why a credential could not be had: by which flag it was to come, and what is the matter with its file. Never what is in it.
package struct CredentialProblem: Error, Hashable, CustomStringConvertible {
    package let flag: String
    package let reason: String

    init(_ flag: String, _ reason: String) {
        self.flag = flag
        self.reason = reason
    }

    package var description: String { "\(flag): \(reason)" }
}
