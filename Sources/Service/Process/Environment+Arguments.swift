package import AsyncHTTP
internal import CProcess

extension Environment {
    /// What the process was started with, without the program's name.
    package static var arguments: [String] {
        (1..<max(1, cprocess_argument_count())).map { index in unsafe String(cString: cprocess_argument(index)) }
    }
}
