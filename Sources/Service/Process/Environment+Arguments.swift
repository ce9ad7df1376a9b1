package import AsyncHTTP
internal import CProcess
package import Flags

extension Environment {
    /// What the process was started with, without the program's name.
    package static var arguments: [String] {
        (1..<max(1, cprocess_argument_count())).map { index in unsafe String(cString: cprocess_argument(index)) }
    }

    /// Takes parts of the command line away from whoever lists processes. Whoever looked before has seen them: a file is better.
    package static func hide(_ words: [SecretWord]) {
        // The program's own name is the first.
        for word in words { cprocess_hide_argument(Int32(clamping: word.index + 1), word.shown) }
    }
}
