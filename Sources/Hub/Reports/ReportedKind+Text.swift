extension ReportedKind {
    private static let names = allCases.map { ($0, Array($0.name.utf8)) }

    /// Reads its name, in capitals or not.
    init?(_ text: ArraySlice<UInt8>) {
        let known = Self.names.first { _, name in
            name.count == text.count && zip(name, text).allSatisfy { $0 == $1 | 0x20 }
        }
        guard let known else { return nil }
        self = known.0
    }
}
