import Access
package import Flags
package import TelemetryServer

extension WebConfiguration {
    /// A server does not start with locks that are not right.
    ///
    /// - Parameter source: where a flag was given; nil when it was not.
    package func wrongLocks(_ source: (String) -> String?) -> [UsageError] {
        guard let path = configurationFile, let source = source("web.config.file") else { return [] }
        do {
            try Locks.check(path)
            return []
        } catch {
            return [UsageError(source, path, ValueProblem(String("\(error)".map { $0.isNewline ? "?" : $0 })))]
        }
    }
}
