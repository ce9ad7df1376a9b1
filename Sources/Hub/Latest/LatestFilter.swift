/// Which components' series are wanted: those that fit everything that is said.
package struct LatestFilter: Sendable {
    private let name: String?
    private let runtimeID: Int64?

    package init(name: String? = nil, runtimeID: Int64? = nil) {
        self.name = name
        self.runtimeID = runtimeID
    }

    func admits(_ held: HeldComponent) -> Bool {
        (name.map { $0.utf8.elementsEqual(held.component.name.utf8) } ?? true)
            && (runtimeID.map { $0 == held.runtimeID } ?? true)
    }
}
