import AsyncHTTP
import Flags

/// A header field that goes with every request, and whose value is nobody else's business.
package struct SecretField: Sendable, Hashable {
    package let name: String
    package let source: SecretSource

    /// HTTP itself decides what stands in these.
    private static let reserved: Set = [
        "host", "content-length", "transfer-encoding", "connection", "keep-alive", "proxy-connection", "te", "trailer",
        "upgrade", "expect",
    ]

    /// Reads `NAME=VALUE`.
    ///
    /// - Parameter taken: the names of fields that the program writes itself.
    init(value text: Secret, taken: [String]) throws(ValueProblem) {
        let halves = text.reveal { text in
            text.firstIndex(of: "=").map { (String(text[..<$0]), Secret(String(text[$0...].dropFirst()))) }
        }
        guard let (name, secret) = halves else { throw ValueProblem("not NAME=VALUE, as in X-Api-Key=…") }
        self.name = try Self.checked(name, taken: taken)
        source = .value(try SecretRule.fieldValue.checked(secret))
    }

    /// Reads `NAME=PATH`.
    init(file text: String, taken: [String]) throws(ValueProblem) {
        guard let sign = text.firstIndex(of: "=") else {
            throw ValueProblem("not NAME=PATH, as in X-Api-Key=/run/secrets/key")
        }
        name = try Self.checked(String(text[..<sign]), taken: taken)
        source = .file(try Values.filePath(String(text[sign...].dropFirst())))
    }

    /// Whoever forgot the name may have written a secret in its place, so it is told by those that are known alone.
    private static func checked(_ name: String, taken: [String]) throws(ValueProblem) -> String {
        var fields = HeaderFields()
        do throws(HeadWriteError) {
            try fields.append(name, "")
        } catch {
            throw ValueProblem("before the = stands no name of a header field")
        }
        if let known = taken.first(where: { $0.lowercased() == name.lowercased() }) {
            throw ValueProblem("\(known) is what this program sets itself")
        }
        if reserved.contains(name.lowercased()) {
            throw ValueProblem("\(name.lowercased()) is HTTP's own: it says where a message goes and where it ends")
        }
        return name
    }
}
