import Testing

@testable import Hub

@Suite("What has not been read of another hub's log")
struct UnreadRowsTests {
    private typealias Stretch = UnreadRows.Stretch

    @Test("is read from the newest on, a slice at a time, and what comes meanwhile before it")
    func order() {
        var rows = UnreadRows(after: 100)
        #expect(rows.isEmpty && rows.next(10) == nil)
        rows.meet(through: 125)
        #expect(read(&rows) == Stretch(after: 115, through: 125))
        rows.meet(through: 128)
        #expect(read(&rows) == Stretch(after: 125, through: 128))
        #expect(read(&rows) == Stretch(after: 105, through: 115))
        #expect(read(&rows) == Stretch(after: 100, through: 105))
        #expect(rows.isEmpty && rows.next(10) == nil)
    }

    @Test("is nothing that has been met, and nothing before what is not exported any more")
    func end() {
        var rows = UnreadRows(after: 0)
        rows.meet(through: 50)
        rows.meet(through: 50)
        rows.meet(through: 20)
        rows.meet(through: 60)
        #expect(rows.next(100) == Stretch(after: 50, through: 60))
        #expect(read(&rows) == Stretch(after: 50, through: 60))
        #expect(read(&rows, wasOld: true) == Stretch(after: 40, through: 50))
        #expect(rows.isEmpty)
        rows.meet(through: 61)
        #expect(rows.next(.max) == Stretch(after: 60, through: 61))
        #expect(rows.next(0) == Stretch(after: 60, through: 61))
    }

    private func read(_ rows: inout UnreadRows, wasOld: Bool = false) -> Stretch? {
        guard let next = rows.next(10) else { return nil }
        rows.remove(next, wasOld: wasOld)
        return next
    }
}
