package import AsyncHTTP

/// Where reports are kept, and how much of them.
package struct StoreConfiguration: Sendable, Hashable {
    package enum Place: Sendable, Hashable {
        case sqlite(path: String)
        case memory
    }

    package var place = Place.sqlite(path: "agent-hub.db")
    /// Reports older than this go.
    package var retention = Duration.seconds(30 * 86_400)
    /// The file grows no larger.
    package var maxSize = ByteCount.mebibytes(10_240)

    package init() {}

    /// As the flag has it.
    package var description: String {
        switch place {
        case .sqlite(let path): "sqlite:\(path)"
        case .memory: "memory"
        }
    }

    /// How large it may become, where that can be chosen.
    package var limit: ByteCount? { place == .memory ? nil : maxSize }

    /// Opens it. Blocks.
    package func open(_ limits: LogLimits = LogLimits()) throws(LogError) -> any Store {
        switch place {
        case .memory: MemoryStore(limits: limits)
        case .sqlite(let path): try LogStore(log(path, limits))
        }
    }

    private func log(_ path: String, _ limits: LogLimits) -> LogConfiguration {
        var configuration = LogConfiguration(path: path)
        configuration.retention = retention
        configuration.maxSize = maxSize
        configuration.limits = limits
        return configuration
    }
}
