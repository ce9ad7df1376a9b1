import Digests

/// Who reports. Replicas that share a name are told apart by their instance.
package struct Component: Sendable, Hashable {
    package let type: String
    package let name: String
    package let instance: String?

    package init(type: String, name: String, instance: String? = nil) {
        self.type = type
        self.name = name
        self.instance = instance
    }

    /// The same in every hub, known without a database.
    package var runtimeID: Int64 {
        let message = Array(type.utf8) + [0] + Array(name.utf8) + [0] + Array((instance ?? "").utf8)
        let first = Digest.sha256(message).bytes.prefix(8)
        return Int64(first.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } & UInt64(Int64.max))
    }
}
