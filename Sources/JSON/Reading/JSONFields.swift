/// Reads a few places, given by their keys from the outermost object on, out of a JSON object of any size and depth.
///
/// The whole text is checked, but only what is wanted is kept, so there is no tree that a hostile document could make deep.
/// Of a repeated key the last counts, with everything below it.
package struct JSONFields: Sendable {
    /// An object that holds wanted keys.
    private struct Node: Sendable {
        /// By the bytes of their keys. Strings are equal by what they look like, and a key is what it is made of: the sign of the
        /// kelvin is no K.
        var children: [[UInt8]: Int] = [:]
        /// The number of the wanted place that is here; nil when it only leads to others.
        var place: Int?
    }

    /// The first is the document itself.
    private var nodes = [Node()]
    private let count: Int

    package init(_ paths: [[String]]) {
        count = paths.count
        for (place, path) in paths.enumerated() {
            var current = 0
            for key in path.map({ Array($0.utf8) }) {
                if let next = nodes[current].children[key] {
                    current = next
                } else {
                    nodes.append(Node())
                    nodes[current].children[key] = nodes.count - 1
                    current = nodes.count - 1
                }
            }
            nodes[current].place = place
        }
    }

    /// The keys of the outermost object, in the order in which they stand.
    package static func keys(of bytes: [UInt8]) throws(JSONError) -> [String] {
        var scanner = JSONScanner(bytes)
        var keys: [String] = []
        try scanner.expect(UInt8(ascii: "{"), "a JSON object was expected")
        if scanner.take(UInt8(ascii: "}")) { return keys }
        repeat {
            keys.append(try scanner.key())
            try scanner.skipValue()
        } while scanner.take(UInt8(ascii: ","))
        return keys
    }

    /// What is at each place, in the order of the paths. Of two equal paths the last gets the value.
    package func read(_ bytes: [UInt8]) throws(JSONError) -> [JSONScalar] {
        var scanner = JSONScanner(bytes)
        guard scanner.peek() == UInt8(ascii: "{") else { throw scanner.error("a JSON object was expected") }
        var values = [JSONScalar](repeating: .absent, count: count)
        try readObject(0, &scanner, &values)
        if scanner.peek() != nil { throw scanner.error("something follows the document") }
        return values
    }

    /// Recurses as deep as the paths are long, whatever the document.
    private func readObject(
        _ node: Int,
        _ scanner: inout JSONScanner,
        _ values: inout [JSONScalar]
    ) throws(JSONError) {
        try scanner.expect(UInt8(ascii: "{"), "an object was expected")
        if scanner.take(UInt8(ascii: "}")) { return }
        let children = nodes[node].children
        repeat {
            if let child = children[try scanner.keyBytes()] {
                forget(child, &values)
                try readValue(child, &scanner, &values)
            } else {
                try scanner.skipValue()
            }
        } while scanner.take(UInt8(ascii: ","))
        try scanner.expect(UInt8(ascii: "}"), "a comma or } was expected")
    }

    private func readValue(
        _ node: Int,
        _ scanner: inout JSONScanner,
        _ values: inout [JSONScalar]
    ) throws(JSONError) {
        let value: JSONScalar
        switch scanner.peek() {
        case UInt8(ascii: "{") where !nodes[node].children.isEmpty:
            value = .container
            try readObject(node, &scanner, &values)
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            value = .container
            try scanner.skipValue()
        default: value = try scanner.scalar()
        }
        if let place = nodes[node].place { values[place] = value }
    }

    private func forget(_ node: Int, _ values: inout [JSONScalar]) {
        if let place = nodes[node].place { values[place] = .absent }
        for child in nodes[node].children.values { forget(child, &values) }
    }
}

extension JSONScanner {
    package mutating func key() throws(JSONError) -> String { String(decoding: try keyBytes(), as: UTF8.self) }

    mutating func keyBytes() throws(JSONError) -> [UInt8] {
        guard peek() == UInt8(ascii: "\"") else { throw error("a key was expected") }
        let key = try stringBytes()
        try expect(UInt8(ascii: ":"), "a colon was expected")
        return key
    }

    /// Passes over a value with everything in it, and makes nothing of it.
    package mutating func skipValue() throws(JSONError) {
        switch peek() {
        case UInt8(ascii: "{"), UInt8(ascii: "["): try skipContainer()
        default: try skipScalar()
        }
    }

    /// Passes over an object or array. A byte per level of nesting is remembered, nothing else.
    private mutating func skipContainer() throws(JSONError) {
        let (object, array) = (UInt8(ascii: "}"), UInt8(ascii: "]"))
        /// How each open container ends.
        var open: [UInt8] = []
        while true {
            if take(UInt8(ascii: "{")) {
                if !take(object) {
                    open.append(object)
                    try skipKey()
                    continue
                }
            } else if take(UInt8(ascii: "[")) {
                if !take(array) {
                    open.append(array)
                    continue
                }
            } else {
                try skipScalar()
            }
            // A value is over: so is what it was the last of.
            while let end = open.last, take(end) { open.removeLast() }
            guard let end = open.last else { return }
            try expect(UInt8(ascii: ","), "a comma or the end of an object or array was expected")
            if end == object { try skipKey() }
        }
    }

    private mutating func skipKey() throws(JSONError) {
        guard peek() == UInt8(ascii: "\"") else { throw error("a key was expected") }
        try skipString()
        try expect(UInt8(ascii: ":"), "a colon was expected")
    }
}
