/// The fields of a message: names and values in the order in which they came.
///
/// All bytes lie in one array, and a second one holds where each name and value begins, so a parsed head costs two
/// allocations however many fields it has. Names are compared without regard to case (RFC 9110 section 5.1).
public struct HeaderFields: Sendable {
    /// Where one field lies in `bytes`.
    struct Entry: Sendable {
        private let nameStart: UInt32
        private let nameCount: UInt32
        private let valueStart: UInt32
        private let valueCount: UInt32

        init(name: Range<Int>, value: Range<Int>) {
            nameStart = UInt32(truncatingIfNeeded: name.lowerBound)
            nameCount = UInt32(truncatingIfNeeded: name.count)
            valueStart = UInt32(truncatingIfNeeded: value.lowerBound)
            valueCount = UInt32(truncatingIfNeeded: value.count)
        }

        var name: Range<Int> { Int(nameStart)..<(Int(nameStart) &+ Int(nameCount)) }
        var value: Range<Int> { Int(valueStart)..<(Int(valueStart) &+ Int(valueCount)) }
    }

    var bytes: [UInt8]
    var entries: [Entry]

    /// No fields yet; `append` adds them.
    public init() {
        bytes = []
        entries = []
    }

    init(bytes: [UInt8], entries: [Entry]) {
        self.bytes = bytes
        self.entries = entries
    }

    /// The memory that they take, with the request line where they come from a head.
    var heldBytes: Int { bytes.capacity + entries.capacity * MemoryLayout<Entry>.stride }

    /// How many fields there are, each repetition of a name counted.
    public var count: Int { entries.count }
    /// Whether there is no field at all.
    public var isEmpty: Bool { entries.isEmpty }

    /// The value of the first field of that name.
    public subscript(name: String) -> String? {
        firstEntry(name).map { string($0.value) }
    }

    /// The values of all fields of that name, in order.
    public func values(for name: String) -> [String] {
        entries.filter { matches($0, name) }.map { string($0.value) }
    }

    /// How many fields have that name.
    public func count(of name: String) -> Int {
        var count = 0
        for entry in entries where matches(entry, name) { count &+= 1 }
        return count
    }

    /// Whether there is a field of that name, with whatever value.
    public func contains(_ name: String) -> Bool {
        firstEntry(name) != nil
    }

    /// Hands over the bytes of the first value of that name without making a string; nil if there is none.
    public func withValue<Result, Failure: Error>(
        of name: String,
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result? {
        guard let entry = firstEntry(name) else { return nil }
        return try body(bytes.span.extracting(entry.value))
    }

    func string(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }

    private func firstEntry(_ name: String) -> Entry? {
        var name = name
        return name.withUTF8 { name in
            for entry in entries where unsafe matches(entry, name) { return entry }
            return nil
        }
    }

    private func matches(_ entry: Entry, _ name: String) -> Bool {
        var name = name
        return name.withUTF8 { unsafe matches(entry, $0) }
    }

    private func matches(_ entry: Entry, _ name: UnsafeBufferPointer<UInt8>) -> Bool {
        guard entry.name.count == name.count else { return false }
        let given = unsafe bytes.span.bytes.extracting(entry.name)
        for index in name.indices {
            let (one, other) = unsafe (given.byte(at: index), name[index])
            guard one == other || one.lowercased == other.lowercased else { return false }
        }
        return true
    }
}

extension HeaderFields {
    /// How often a name is there, and where its value lies if that is once.
    package enum Occurrence {
        case none
        case once(Range<Int>)
        case several
    }

    /// Looks for all fields of that name.
    package func occurrence(of name: String) -> Occurrence {
        var name = name
        return name.withUTF8 { name in
            var occurrence = Occurrence.none
            for entry in entries where unsafe matches(entry, name) {
                guard case .none = occurrence else { return .several }
                occurrence = .once(entry.value)
            }
            return occurrence
        }
    }

    /// Whether the value that lies there is this one, byte for byte.
    package func value(at range: Range<Int>, equals value: [UInt8]) -> Bool {
        unsafe bytes.span.bytes.extracting(range).equals(value)
    }
}

extension HeaderFields: Sequence {
    /// One field, as it was written: names keep their case.
    public typealias Element = (name: String, value: String)

    /// Goes through the fields in the order in which they came, making strings as it goes.
    public struct Iterator: IteratorProtocol {
        private let fields: HeaderFields
        private var index = 0

        init(_ fields: HeaderFields) {
            self.fields = fields
        }

        /// The next field; nil after the last.
        public mutating func next() -> Element? {
            guard index < fields.entries.count else { return nil }
            let entry = fields.entries[index]
            index &+= 1
            return (fields.string(entry.name), fields.string(entry.value))
        }
    }

    /// Begins at the first field.
    public func makeIterator() -> Iterator { Iterator(self) }

    /// The exact number of fields, so that an array of them is allocated once.
    public var underestimatedCount: Int { entries.count }
}
