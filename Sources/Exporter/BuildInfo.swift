internal import CProcess

/// Which build this is.
enum BuildInfo {
    static let version = "0.1.0"
    static let revision = unsafe String(cString: cprocess_revision())

    static var swift: String {
        #if compiler(>=6.4)
        "6.4"
        #elseif compiler(>=6.3)
        "6.3"
        #else
        "6.2"
        #endif
    }
}
