/// What is no error, and yet not what the author of a web configuration file will have meant: to be logged.
package struct WebFileRemark: Sendable, Hashable, CustomStringConvertible {
    package let path: String
    package let line: Int
    package let text: String

    package var description: String { "\(path):\(line): \(text)" }
}

/// Collects remarks while a file is read.
struct WebFileRemarks {
    let path: String
    private(set) var all: [WebFileRemark] = []

    init(path: String) {
        self.path = path
    }

    mutating func add(_ text: String, line: Int) {
        all.append(WebFileRemark(path: path, line: line, text: text))
    }
}
