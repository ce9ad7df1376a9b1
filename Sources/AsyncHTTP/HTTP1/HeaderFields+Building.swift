extension HeaderFields {
    /// Adds a field, after checking that it cannot break the message (RFC 9110 sections 5.1 and 5.5).
    ///
    /// White space around the value is dropped, as any reader would. The value may hold `obs-text` (UTF-8, say).
    public mutating func append(_ name: String, _ value: String) throws(HeadWriteError) {
        guard !name.isEmpty, name.utf8.allSatisfy(ByteSet.token.contains) else { throw .fieldName }
        guard !value.utf8.contains(where: \.isForbiddenInText) else { throw .fieldValue }
        let trimmed = Substring(value).utf8.trimmed
        let (length, overflow) = bytes.count.addingReportingOverflow(name.utf8.count &+ trimmed.count)
        guard !overflow, length <= RequestLimits.ceiling else { throw .tooLarge }
        let nameStart = bytes.count
        bytes.append(contentsOf: name.utf8)
        let valueStart = bytes.count
        bytes.append(contentsOf: trimmed)
        entries.append(Entry(name: nameStart..<valueStart, value: valueStart..<bytes.count))
    }

    /// Writes every field as a line of its own.
    func write(to output: inout [UInt8]) {
        for entry in entries {
            output.append(contentsOf: bytes[entry.name])
            output.append(contentsOf: ": ".utf8)
            output.append(contentsOf: bytes[entry.value])
            output.append(contentsOf: "\r\n".utf8)
        }
    }
}

extension Substring.UTF8View {
    fileprivate var trimmed: Substring.UTF8View {
        var view = self
        while let first = view.first, first.isWhitespace { view = view.dropFirst() }
        while let last = view.last, last.isWhitespace { view = view.dropLast() }
        return view
    }
}
