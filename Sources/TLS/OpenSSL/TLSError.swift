/// What is wrong with a certificate, a key or a setting, for whoever configured it.
package struct TLSError: Error, Hashable, CustomStringConvertible {
    /// The file that it is about; nil for what was written out.
    package let path: String?
    package let reason: String

    init(_ path: String? = nil, _ reason: String) {
        self.path = path
        self.reason = reason
    }

    package var description: String { path.map { "\($0): \(reason)" } ?? reason }
}
