extension [UInt8] {
    /// Appends bytes with every escape decoded (RFC 3986 section 2.1); what is no escape stays as it is.
    ///
    /// - Parameter plus: a plus sign means a space, as in the queries that forms send.
    mutating func append(decoding bytes: some Collection<UInt8>, plus: Bool = false) {
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let high = rest.first?.hexValue, let low = rest.dropFirst().first?.hexValue {
                rest = rest.dropFirst(2)
                append(high << 4 | low)
            } else {
                append(plus && byte == UInt8(ascii: "+") ? .space : byte)
            }
        }
    }
}
