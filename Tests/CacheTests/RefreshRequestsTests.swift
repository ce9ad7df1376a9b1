import Testing

@testable import Cache

@Suite("Requests for an extra fetch")
struct RefreshRequestsTests {
    @Test("each is answered by the first fetch that began after it, and by no earlier one")
    func order() {
        var requests = RefreshRequests<String>()
        let early = requests.add(Bell(), begun: 0)
        let late = requests.add(Bell(), begun: 1)
        #expect(requests.wantsAttempt(after: 0))
        #expect(requests.answer("first", attempt: 1).count == 1)
        #expect(requests.remove(early) == "first")
        #expect(requests.wantsAttempt(after: 1))
        #expect(requests.answer("second", attempt: 2).count == 1)
        #expect(!requests.wantsAttempt(after: 2))
        #expect(requests.remove(late) == "second")
    }

    @Test("an answer stays what it was until it is taken, and is taken once")
    func once() {
        var requests = RefreshRequests<String>()
        let identifier = requests.add(Bell(), begun: 4)
        #expect(requests.answer("first", attempt: 5).count == 1)
        #expect(requests.answer("second", attempt: 6).isEmpty)
        #expect(requests.unanswered().isEmpty)
        #expect(requests.remove(identifier) == "first")
        #expect(requests.remove(identifier) == nil)
    }

    @Test("who has given up is not rung, and wants nothing any more")
    func givenUp() {
        var requests = RefreshRequests<String>()
        let (gone, there) = (requests.add(Bell(), begun: 0), requests.add(Bell(), begun: 0))
        #expect(requests.remove(gone) == nil)
        #expect(requests.unanswered().count == 1)
        #expect(requests.remove(there) == nil)
        #expect(!requests.wantsAttempt(after: 0))
        #expect(requests.answer("late", attempt: 1).isEmpty)
    }
}
