import AsyncHTTP
import Testing

@testable import LoadTestKit

@Suite("Answers")
struct AnswerReaderTests {
    /// What became of bytes that a server has sent.
    private enum Outcome: Equatable {
        case valid
        case incomplete
        case failed(LoadFailure.Kind)
    }

    private func outcome(_ pieces: [ArraySlice<UInt8>], closes: Bool, _ judge: BodyJudge) -> Outcome {
        var reader = AnswerReader(judge)
        do throws(LoadFailure) {
            for piece in pieces where !piece.isEmpty {
                let bytes = Array(piece)
                if unsafe try reader.take(bytes.span.bytes) { return .valid }
            }
            guard closes else { return .incomplete }
            try reader.end()
            return .valid
        } catch {
            return .failed(error.kind)
        }
    }

    private static func answer(_ body: String, _ fields: String = "", status: String = "200 OK") -> String {
        "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(fields)\r\n\(body)"
    }

    private static let cases: [(String, Validation, LoadFailure.Kind?)] = [
        (answer("up 1\n"), .newline, nil),
        (answer("up 1\n"), .parse, nil),
        (answer("up 1"), .length, nil),
        (answer("up 1"), .newline, .body),
        (answer("up one\n"), .newline, nil),
        (answer("up one\n"), .parse, .body),
        (answer(""), .length, .body),
        (answer("up 1\n", "Content-Type: application/openmetrics-text; version=1.0.0\r\n"), .parse, .body),
        (answer("up 1\n# EOF\n", "Content-Type: application/openmetrics-text; version=1.0.0\r\n"), .parse, nil),
        (answer("x\n", "Content-Encoding: br\r\n"), .newline, .body),
        (answer("x\n", "Content-Encoding: identity\r\n"), .newline, nil),
        (answer("x\n", "Content-Encoding: gzip\r\n"), .newline, .body),
        (answer("x\n", "Content-Encoding: gzip\r\n"), .length, nil),
        (answer("", "Content-Encoding: br\r\n"), .status, nil),
        (answer("x", "Content-Encoding: br\r\n"), .status, nil),
        (answer("x", status: "404 Not Found"), .status, .status),
        ("HTTP/1.1 204 No Content\r\n\r\n", .status, nil),
        ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nup 1\n", .status, .length),
        (answer("wrong\n", status: "503 Service Unavailable"), .parse, .status),
        (answer("", status: "404 Not Found"), .newline, .status),
        ("HTTP/1.1 204 No Content\r\n\r\n", .newline, .body),
        ("HTTP/1.1 100 Continue\r\n\r\n" + answer("up 1\n"), .newline, nil),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nup \r\n2\r\n1\n\r\n0\r\n\r\n", .newline, nil),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nup \r\n2\r\n1\n\r\n0\r\n\r\n", .parse, nil),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nup x", .newline, .malformed),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nup ", .newline, .length),
        ("HTTP/1.1 200 OK\r\n\r\nup 1\n", .newline, nil),
        ("HTTP/1.1 200 OK\r\n\r\nup 1", .newline, .body),
        ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nup 1\n", .newline, .length),
        ("HTTP/1.1 200 OK\r\nContent-", .newline, .length),
        ("", .newline, .closed),
        ("SSH-2.0-OpenSSH\r\n", .newline, .malformed),
    ]

    @Test("are judged the same whole and split at every byte", arguments: cases.indices)
    func judged(index: Int) {
        let (text, validation, expected) = Self.cases[index]
        let bytes = Array(text.utf8)
        let outcome = expected.map(Outcome.failed) ?? .valid
        #expect(self.outcome([bytes[...]], closes: true, BodyJudge(validation)) == outcome)
        for split in bytes.indices {
            let pieces = [bytes[..<split], bytes[split...]]
            #expect(self.outcome(pieces, closes: true, BodyJudge(validation)) == outcome, "at \(split)")
        }
        let bytewise = bytes.indices.map { bytes[$0...$0] }
        #expect(self.outcome(bytewise, closes: true, BodyJudge(validation)) == outcome)
    }

    @Test("that never end are given up where they would fill the memory, and only there", arguments: ["", "gzip"])
    func endless(coding: String) throws {
        var reader = AnswerReader(BodyJudge(.newline))
        let head = Array("HTTP/1.1 200 OK\r\n\(coding.isEmpty ? "" : "Content-Encoding: \(coding)\r\n")\r\n".utf8)
        _ = unsafe try reader.take(head.span.bytes)
        let piece = [UInt8](repeating: 0x0A, count: 1 << 20)
        for _ in 0..<AnswerReader.longestHeld.bytes >> 20 { #expect(unsafe try !reader.take(piece.span.bytes)) }
        if coding.isEmpty {
            #expect(unsafe try !reader.take(piece.span.bytes))
        } else {
            let failure = #expect(throws: LoadFailure.self) { unsafe try reader.take(piece.span.bytes) }
            #expect(failure?.kind == .body)
            #expect(!reader.isBetweenAnswers)
        }
    }

    @Test("that are longer than announced are malformed")
    func tooLong() {
        let bytes = Array((Self.answer("up 1\n") + "x").utf8)
        #expect(outcome([bytes[...]], closes: false, BodyJudge(.newline)) == .failed(.malformed))
        let chunked = Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nx\n\r\n0\r\n\r\nH".utf8)
        #expect(outcome([chunked[...]], closes: false, BodyJudge(.newline)) == .failed(.malformed))
    }

    @Test("after a bad status the connection goes on, and the next answer is judged for itself")
    func goesOn() throws {
        var reader = AnswerReader(BodyJudge(.newline))
        let bad = Array(Self.answer("no", status: "500 Oh").utf8)
        #expect(throws: LoadFailure.self) { unsafe try reader.take(bad.span.bytes) }
        #expect(reader.isBetweenAnswers)
        #expect(reader.keepsAlive)
        let good = Array(Self.answer("up 1\n", "Connection: close\r\n").utf8)
        #expect(unsafe try reader.take(good.span.bytes))
        #expect(!reader.keepsAlive)
    }
}
