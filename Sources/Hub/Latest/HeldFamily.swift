/// All series of one name, and what of them has changed since somebody looked.
struct HeldFamily: Sendable {
    /// How many series are rendered together. A longer page is made again more often, a shorter one is more to keep.
    static let pageSize = 64

    let name: String
    let kind: ReportedKind
    /// Never given to another family.
    let identifier: UInt64
    /// How many series hold the type, those without a sample included.
    var holders = 0
    /// Whether it is on the list of what has changed.
    var isNoted = false

    /// The exported ones, in the order in which they are printed.
    private(set) var members: [Int32] = []
    private(set) var isHeaderStale = true
    private var changed: [Bool] = []
    /// What its series usually say of it.
    var usual: FamilyDescription?

    init(_ name: String, _ kind: ReportedKind, identifier: UInt64) {
        self.name = name
        self.kind = kind
        self.identifier = identifier
    }

    var pageCount: Int { (members.count + Self.pageSize - 1) / Self.pageSize }

    func page(_ number: Int) -> ArraySlice<Int32> {
        let start = number * Self.pageSize
        return members[start..<min(start + Self.pageSize, members.count)]
    }

    /// The pages to render again.
    var changedPages: [Int] { (0..<pageCount).filter { changed[$0] } }

    mutating func append(_ number: Int32) -> Int32 {
        members.append(number)
        if changed.count < pageCount { changed.append(true) }
        isHeaderStale = true
        change(at: Int32(members.count - 1))
        return Int32(members.count - 1)
    }

    /// - Returns: who has its place now, if somebody has moved.
    mutating func remove(at place: Int32) -> Int32? {
        isHeaderStale = true
        let last = members.removeLast()
        if changed.count > pageCount { changed.removeLast() } else { change(at: Int32(members.count)) }
        guard Int(place) < members.count else { return nil }
        members[Int(place)] = last
        change(at: place)
        return last
    }

    mutating func change(at place: Int32) {
        changed[Int(place) / Self.pageSize] = true
    }

    mutating func describe() { isHeaderStale = true }

    /// Somebody has looked.
    mutating func settle() {
        for page in changed.indices { changed[page] = false }
        isHeaderStale = false
        isNoted = false
    }
}
