/// Writes a document as it goes, without a value in between: for what is long, or has numbers that a `Double` cannot hold.
package struct JSONWriter: Sendable {
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false

    /// - Parameter capacity: room for so many bytes, made at once.
    package init(capacity: Int = 0) {
        bytes.reserveCapacity(capacity)
    }

    package mutating func object(_ members: (inout JSONWriter) -> Void) {
        within("{", "}", members)
    }

    package mutating func array(_ elements: (inout JSONWriter) -> Void) {
        within("[", "]", elements)
    }

    /// What follows is the value of this member. The name is one that needs no escapes.
    package mutating func name(_ name: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// What follows is the value of this member.
    package mutating func name(text name: String) {
        separate()
        JSONText.append(quoted: name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    package mutating func string(_ value: String?) {
        guard let value else { return null() }
        separate()
        JSONText.append(quoted: value, to: &bytes)
        needsComma = true
    }

    package mutating func integer(_ value: some FixedWidthInteger) { word(String(value)) }

    /// `null` where it is not finite.
    package mutating func number(_ value: Double) { word(JSONText.number(value)) }

    package mutating func boolean(_ value: Bool) { word(value ? "true" : "false") }

    package mutating func null() { word("null") }

    package mutating func value(_ value: JSONValue) {
        separate()
        bytes += value.bytes
        needsComma = true
    }

    private mutating func word(_ word: String) {
        separate()
        bytes += word.utf8
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }

    private mutating func within(
        _ start: Unicode.Scalar,
        _ end: Unicode.Scalar,
        _ body: (inout JSONWriter) -> Void
    ) {
        separate()
        bytes.append(UInt8(ascii: start))
        needsComma = false
        body(&self)
        bytes.append(UInt8(ascii: end))
        needsComma = true
    }
}
