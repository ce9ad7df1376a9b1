internal import CProcess

/// Which build this is.
package enum BuildInfo {
    package static let version = "0.1.0"
    package static let revision = unsafe String(cString: cprocess_revision())

    /// For `--version`, behind the name of the program.
    package static var summary: String { "\(version) (revision \(revision), Swift \(swift))" }

    package static var swift: String {
        #if compiler(>=6.4)
        "6.4"
        #elseif compiler(>=6.3)
        "6.3"
        #else
        "6.2"
        #endif
    }
}
