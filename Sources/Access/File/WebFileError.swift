/// Why a web configuration file is refused: the file, the line where there is one, and what to do about it. It never repeats a
/// secret.
package struct WebFileError: Error, Hashable, CustomStringConvertible {
    package let path: String
    package let line: Int?
    package let reason: String

    package var description: String { "\(path)\(line.map { ":\($0)" } ?? ""): \(reason)" }
}

/// The same, from where the file's name is not known.
struct WebFileProblem: Error {
    let line: Int?
    let reason: String

    init(_ reason: String, line: Int?) {
        self.line = line
        self.reason = reason
    }
}
