extension String {
    /// Its beginning, in at most so many bytes of UTF-8; no code point is cut in two.
    func cut(toBytes limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var length = 0
        let scalars = unicodeScalars.prefix { scalar in
            length += UTF8.width(scalar)
            return length <= limit
        }
        return String(scalars)
    }
}
