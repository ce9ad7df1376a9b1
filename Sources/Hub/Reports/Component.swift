import Digests

/// Who reports: one worker, server or anything else, told from all others by these three texts.
package struct Component: Sendable, Hashable {
    /// What a worker of a pool is among components.
    package static let workerType = "worker_pool"

    package let type: String
    package let name: String
    /// Which of several with one name, so that replicas of a pool do not overwrite each other.
    package let instance: String?

    package init(type: String, name: String, instance: String? = nil) {
        self.type = type
        self.name = name
        self.instance = instance
    }

    /// By the bytes: strings are equal by what they look like, and what looks the same may be another worker.
    package static func == (left: Component, right: Component) -> Bool {
        left.name.isSameText(as: right.name) && left.type.isSameText(as: right.type)
            && (left.instance ?? "").isSameText(as: right.instance ?? "")
    }

    /// What is equal looks the same.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(type)
        if let instance, !instance.isEmpty { hasher.combine(instance) }
    }

    /// The same in every hub, known without a database: the first 63 bits of SHA-256 over type, NUL, name, NUL, instance. None of
    /// the three can hold a NUL, so no two components have the same text.
    package var runtimeID: Int64 {
        var text = Array(type.utf8)
        text.append(0)
        text += name.utf8
        text.append(0)
        text += (instance ?? "").utf8
        let first = Digest.sha256(text).bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Int64(first & UInt64(Int64.max))
    }
}
