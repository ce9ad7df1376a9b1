internal import CProcess
import Glibc

/// What the process was started with.
package enum ProcessEnvironment {
    /// Without the program's name.
    package static var arguments: [String] {
        (1..<max(1, cprocess_argument_count())).map { index in unsafe String(cString: cprocess_argument(index)) }
    }

    package static var variables: [String: String] {
        var variables: [String: String] = [:]
        var entry = unsafe environ
        while let text = unsafe entry.pointee {
            let pair = unsafe String(cString: text).split(
                separator: "=",
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            if pair.count == 2 { variables[String(pair[0])] = String(pair[1]) }
            unsafe entry += 1
        }
        return variables
    }

    package static func end(_ status: Int32) -> Never {
        exit(status)
    }
}
