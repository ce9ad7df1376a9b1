extension RandomAccessCollection<UInt8> {
    /// Whether these bytes stand in it, one after the other. None at all stand everywhere.
    ///
    /// What `String` has for this brings a machine for regular expressions with it, a megabyte of code.
    package func holds(_ part: some Collection<UInt8>) -> Bool {
        guard let first = part.first else { return true }
        var rest = self[...]
        while rest.count >= part.count, let start = rest.firstIndex(of: first) {
            rest = rest[start...]
            if rest.starts(with: part) { return true }
            rest = rest.dropFirst()
        }
        return false
    }
}
