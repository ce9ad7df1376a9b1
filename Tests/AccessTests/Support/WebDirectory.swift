import Glibc

@testable import Access

/// A directory with a web configuration file and what it names, for as long as a test lasts.
final class WebDirectory {
    private struct Failure: Error {}

    let path: String
    private var names: [String] = []

    init() throws {
        var template = Array("/tmp/access-tests-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { throw Failure() }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        for name in ["server.crt", "server.key", "ca.crt"] { try write("of no importance here", to: name) }
    }

    deinit {
        for name in names { unsafe unlink("\(path)/\(name)") }
        unsafe rmdir(path)
    }

    func write(_ text: String, to name: String) throws {
        guard let file = unsafe fopen("\(path)/\(name)", "w") else { throw Failure() }
        unsafe fputs(text, file)
        unsafe fclose(file)
        names.append(name)
    }

    /// What is read of a file with that text.
    func read(_ text: String) throws -> AccessConfiguration {
        try write(text, to: "web.yml")
        return try AccessConfiguration.read("\(path)/web.yml")
    }

    /// Why it is refused, from the line on; nil when it is not.
    func refusal(_ text: String) throws -> String? {
        do {
            _ = try read(text)
            return nil
        } catch let error as WebFileError {
            return error.description.replacing("\(path)/", with: "").replacing("web.yml:", with: "")
        }
    }
}
