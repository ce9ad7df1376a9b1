extension Flag {
    /// A flag whose value is a secret. Whatever `apply` throws is printed, so it says nothing of the value.
    package static func secret(
        _ name: String,
        _ variable: String?,
        _ placeholder: String,
        _ help: String,
        _ apply: @escaping @Sendable (inout Configuration, Secret) throws -> Void
    ) -> Flag {
        value(name, variable, placeholder, "", help) { try apply(&$0, Secret($1)) }.hidden
    }

    /// A flag of which each value is a secret, or holds one.
    package static func secrets(
        _ name: String,
        _ variable: String?,
        _ placeholder: String,
        separators: String = "\n",
        _ help: String,
        _ apply: @escaping @Sendable (inout Configuration, [Secret]) throws -> Void
    ) -> Flag {
        list(name, variable, placeholder, separators: separators, "", help) { try apply(&$0, $1.map(Secret.init)) }
            .hidden
    }
}
