extension ContentEncoding {
    /// The encoding for an `Accept-Encoding` value: gzip if it is allowed, by name or by `*`, with a weight above zero
    /// (RFC 9110 section 12.5.3). Never fails: what cannot be read asks for nothing.
    public static func negotiate(acceptEncoding value: borrowing Span<UInt8>) -> ContentEncoding {
        var named: HeaderScanner.Weight?
        var wildcard: HeaderScanner.Weight?
        var index = 0
        while let element = HeaderScanner.nextElement(of: value, from: &index) {
            var position = element.lowerBound
            guard let coding = HeaderScanner.nextPart(of: value, in: element, from: &position) else { continue }
            var weight: HeaderScanner.Weight? = HeaderScanner.fullWeight
            while let part = HeaderScanner.nextPart(of: value, in: element, from: &position) {
                guard let parameter = HeaderScanner.parameter(part, of: value) else { continue }
                guard HeaderScanner.matches(parameter.name, of: value, "q") else { continue }
                weight = HeaderScanner.weight(parameter.value, of: value)
                break
            }
            guard let weight else { continue }
            if HeaderScanner.matches(coding, of: value, "gzip") || HeaderScanner.matches(coding, of: value, "x-gzip") {
                named = named ?? weight
            } else if HeaderScanner.matches(coding, of: value, "*") {
                wildcard = wildcard ?? weight
            }
        }
        return (named ?? wildcard ?? 0) > 0 ? .gzip : .identity
    }

    /// The same for bytes in an array.
    public static func negotiate(acceptEncoding value: [UInt8]) -> ContentEncoding {
        negotiate(acceptEncoding: value.span)
    }

    /// The same for a string.
    public static func negotiate(acceptEncoding value: String) -> ContentEncoding {
        negotiate(acceptEncoding: Array(value.utf8).span)
    }
}
