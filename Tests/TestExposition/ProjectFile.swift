import Glibc

/// Files of this project, for tests of what its pages say.
package enum ProjectFile {
    /// - Parameter path: from the project's root on.
    package static func text(_ path: String) throws -> String {
        let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
        let file = unsafe fopen(root + "/" + path, "r")
        guard let file = unsafe file else { throw ProgramRun.CannotStart(description: "cannot read \(path)") }
        defer { unsafe fclose(file) }
        var bytes: [UInt8] = []
        while case let byte = unsafe fgetc(file), byte != EOF { bytes.append(UInt8(byte)) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
