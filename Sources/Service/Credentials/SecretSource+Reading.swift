package import AsyncHTTP
package import Flags

extension SecretSource {
    /// The secret as it is now, for whoever needs it itself and may block.
    ///
    /// - Parameters:
    ///   - flag: by what its file was given, with its dashes.
    ///   - longest: a longer file is none with a secret.
    package func secret(
        _ flag: String,
        _ rule: SecretRule,
        longest: ByteCount = CredentialsConfiguration().longestFile
    ) throws(CredentialProblem) -> Secret {
        switch self {
        case .value(let secret): return secret
        case .file(let path):
            var file = SecretFile(path, rule, longest: longest)
            do throws(SecretFile.Unusable) {
                return try file.look()
            } catch {
                throw CredentialProblem(flag, error.reason)
            }
        }
    }
}
