package import AsyncHTTP

/// Where certificates or a key are: in a file, which is looked at again, or written out.
package enum PEMSource: Sendable, Hashable {
    case file(String)
    case inline([UInt8])

    /// More than the certificates of all authorities take.
    package static let longest = ByteCount.mebibytes(4)

    package var path: String? {
        if case .file(let path) = self { path } else { nil }
    }
}
