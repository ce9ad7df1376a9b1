/// Everything that came on a connection, taken apart by other code than the library's.
struct RawAnswers {
    /// The final answers; of interim ones it depends on the time whether they are sent.
    private(set) var answers: [RawAnswer] = []
    /// Those answers as they came, with the same date in all of them.
    private(set) var bytes: [UInt8] = []
    /// What is left behind the last whole answer.
    private(set) var rest: [UInt8] = []

    /// - Parameter heads: which of the answers, by number, are to `HEAD`, and have no body.
    init(_ received: [UInt8], heads: Set<Int>) {
        var position = 0
        while let headEnd = Self.end(of: "\r\n\r\n", in: received, from: position) {
            var answer = RawAnswer(head: String(decoding: received[position..<headEnd], as: UTF8.self))
            var end: Int? = headEnd
            if answer.status >= 200 {
                if !heads.contains(answers.count) { end = Self.takeBody(of: &answer, from: received, at: headEnd) }
                guard let end else { break }
                answers.append(answer)
                bytes += Self.dateless(received[position..<headEnd]) + received[headEnd..<end]
            }
            position = end ?? headEnd
        }
        rest = Array(received[position...])
    }

    /// - Returns: where the body ends; nil when it is not whole.
    private static func takeBody(of answer: inout RawAnswer, from received: [UInt8], at start: Int) -> Int? {
        if [204, 304].contains(answer.status) { return start }
        if answer["transfer-encoding"] == "chunked" {
            var position = start
            while let sizeEnd = end(of: "\r\n", in: received, from: position) {
                let digits = String(decoding: received[position..<sizeEnd - 2], as: UTF8.self)
                guard let size = Int(digits, radix: 16), received.count >= sizeEnd + size + 2 else { return nil }
                answer.body += received[sizeEnd..<sizeEnd + size]
                guard received[sizeEnd + size] == 13, received[sizeEnd + size + 1] == 10 else { return nil }
                position = sizeEnd + size + 2
                if size == 0 { return position }
            }
            return nil
        }
        let end = answer["content-length"].map { Int($0).map { start + $0 } ?? .max } ?? received.count
        guard end <= received.count else { return nil }
        answer.body = Array(received[start..<end])
        return end
    }

    private static func end(of delimiter: String, in bytes: [UInt8], from start: Int) -> Int? {
        let delimiter = Array(delimiter.utf8)
        var index = start
        while index + delimiter.count <= bytes.count {
            if bytes[index] == delimiter[0], bytes[index..<index + delimiter.count].elementsEqual(delimiter) {
                return index + delimiter.count
            }
            index += 1
        }
        return nil
    }

    private static func dateless(_ head: ArraySlice<UInt8>) -> [UInt8] {
        let head = Array(head)
        let (name, date) = ("\r\nDate: ", "Thu, 01 Jan 1970 00:00:00 GMT")
        guard let start = end(of: name, in: head, from: 0), start + date.utf8.count < head.count else { return head }
        return Array(head[..<start]) + Array(date.utf8) + head[(start + date.utf8.count)...]
    }
}
