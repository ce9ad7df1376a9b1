/// Why a text is no JSON document, and where.
package struct JSONError: Error, Hashable, CustomStringConvertible {
    package let reason: String
    package let offset: Int

    package init(reason: String, offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    package var description: String { "\(reason) at byte \(offset)" }
}
