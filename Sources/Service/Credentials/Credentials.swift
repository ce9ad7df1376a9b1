package import AsyncHTTP
import Flags

/// What makes a client known, as it is now.
package struct Credentials: Sendable {
    /// For whoever shows what the other side has said.
    package let filter: SecretFilter
    private let fields: [(name: String, value: Secret)]

    init(_ parts: inout [CredentialPart]) throws(CredentialProblem) {
        var (fields, hidden): ([(name: String, value: Secret)], [Secret]) = ([], [])
        for index in parts.indices {
            let secret = try parts[index].secret()
            fields.append((parts[index].name, parts[index].value(secret)))
            hidden += parts[index].hidden(secret)
        }
        self.fields = fields
        filter = SecretFilter(hidden)
    }

    /// The fields of a request, with those that make its sender known.
    package func added(to fields: HeaderFields) throws(HeadWriteError) -> HeaderFields {
        var all = fields
        for (name, value) in self.fields {
            try value.reveal { text throws(HeadWriteError) in try all.append(name, text) }
        }
        return all
    }
}
