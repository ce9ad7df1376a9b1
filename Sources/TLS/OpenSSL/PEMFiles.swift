import AsyncHTTP

/// Reads what is in PEM, and remembers in which state it has found each file.
struct PEMFiles {
    /// Nil for a file that was not there.
    private(set) var seen: [String: FileSignature?] = [:]

    mutating func read(_ source: PEMSource) throws(TLSError) -> PEM {
        switch source {
        case .inline(let bytes): return PEM(bytes)
        case .file(let path):
            seen[path] = Self.signature(of: path)
            do throws(SystemError) {
                return PEM(try FileContents.read(path, limit: PEMSource.longest), from: path)
            } catch {
                throw TLSError(path, "it cannot be read (\(error))")
            }
        }
    }

    /// Whether one of them is not what it was.
    var haveChanged: Bool { seen.contains { Self.signature(of: $0.key) != $0.value } }

    private static func signature(of path: String) -> FileSignature? { try? FileSignature.of(path) }
}
