import Testing

@testable import AsyncHTTP

@Suite("Server: the end of a head")
struct DateLineTests {
    private let start = MonotonicInstant(nanoseconds: 5_000_000_000)

    private func text(_ line: inout DateLine, _ persistence: DateLine.Persistence, after delay: Duration) -> String {
        String(decoding: line.bytes(persistence, now: start.advanced(by: delay)), as: UTF8.self)
    }

    @Test("it says when, and what becomes of the connection where the version does not")
    func texts() {
        var line = DateLine()
        line.refresh(start, wall: 784_111_777_250_000_000)
        let date = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
        #expect(text(&line, .kept, after: .zero) == date + "\r\n")
        #expect(text(&line, .keptExplicitly, after: .zero) == date + "Connection: keep-alive\r\n\r\n")
        #expect(text(&line, .closing, after: .zero) == date + "Connection: close\r\n\r\n")
    }

    @Test("it is good to the end of its second, and then written anew by the wall clock")
    func second() {
        var line = DateLine()
        line.refresh(start, wall: 784_111_777_250_000_000)
        #expect(text(&line, .kept, after: .milliseconds(749)).contains("08:49:37"))
        let later = text(&line, .kept, after: .milliseconds(750))
        let date = later.split(separator: "\r\n").first.flatMap { IMFDate(String($0.dropFirst("Date: ".count))) }
        #expect(date.map { $0.distance <= 5 } == true)
    }
}
