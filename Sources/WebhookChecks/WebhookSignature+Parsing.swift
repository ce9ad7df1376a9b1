import Digests
package import Webhooks

/// Reading the header: parts in any order, those that are not known left out, `v1` as often as there are secrets.
extension WebhookSignature {
    /// The longest time: 30 million years.
    private static let longestTime = 15

    package init(parsing header: String, within limits: WebhookLimits = WebhookLimits()) throws(WebhookRefusal) {
        guard header.utf8.count <= limits.headerBytes else { throw .malformed }
        var time: Int64?
        var digests: [Digest] = []
        for piece in Array(header.utf8).split(separator: UInt8(ascii: ",")) {
            let part = piece.withoutBlanks
            if part.starts(with: "t=".utf8) {
                // With two of them nobody knows which was signed.
                guard time == nil, let number = Self.time(part.dropFirst(2)) else { throw .malformed }
                time = number
            } else if part.starts(with: "v1=".utf8) {
                guard digests.count < limits.signatures,
                    let digest = Digest(hexadecimal: String(decoding: part.dropFirst(3), as: UTF8.self))
                else { throw .malformed }
                digests.append(digest)
            }
        }
        guard let time, !digests.isEmpty else { throw .malformed }
        self.init(time: time, digests: digests)
    }

    /// Digits alone, without a zero in front: the text is what was signed, and there is one for each number.
    private static func time(_ digits: ArraySlice<UInt8>) -> Int64? {
        guard (1...longestTime).contains(digits.count), digits.first != UInt8(ascii: "0") || digits.count == 1 else {
            return nil
        }
        var number: Int64 = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            number = number * 10 + Int64(digit - 0x30)
        }
        return number
    }
}

extension ArraySlice<UInt8> {
    /// Without the blanks and tabs around it.
    fileprivate var withoutBlanks: ArraySlice<UInt8> {
        var rest = self
        while let first = rest.first, first == 0x20 || first == 0x09 { rest = rest.dropFirst() }
        while let last = rest.last, last == 0x20 || last == 0x09 { rest = rest.dropLast() }
        return rest
    }
}
