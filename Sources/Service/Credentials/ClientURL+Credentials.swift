package import AsyncHTTP
import Flags

extension ClientURL {
    /// Reads the value of a flag. A user and a password in it would be shown wherever the URL is: they have flags of their own.
    package static func flag(_ text: String, credentials: CredentialFlags) throws -> ClientURL {
        do throws(ClientURLError) {
            return try ClientURL(text)
        } catch {
            guard error == .userInformation else { throw error }
            throw ValueProblem("a user and a password do not stand in a URL here: \(credentials.advice)")
        }
    }
}
