import Testing

@testable import AsyncHTTP

@Suite("Chunked bodies")
struct ChunkedDecoderTests {
    static let accepted: [(String, String)] = [
        ("0\r\n\r\n", ""),
        ("000\r\n\r\n", ""),
        ("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", "hello world"),
        ("A\r\n0123456789\r\n0\r\n\r\n", "0123456789"),
        ("a\r\n0123456789\r\n0\r\n\r\n", "0123456789"),
        ("00000000000000a\r\n0123456789\r\n0\r\n\r\n", "0123456789"),
        ("2\r\n\r\n\r\n0\r\n\r\n", "\r\n"),
        ("1;a\r\nx\r\n0;b=c\r\n\r\n", "x"),
        ("1;a=b;c=\"d;\\\"\\\\ \té\";e\r\nx\r\n0\r\n\r\n", "x"),
        ("1;a=\"\"\r\nx\r\n0\r\n\r\n", "x"),
        ("1\r\nx\r\n0\r\nVary: *\r\nContent-Type: text/plain\r\n\r\n", "x"),
        ("0\r\nConnection: close\r\nExpect: x\r\n\r\n", ""),
    ]

    @Test("a chunked body is decoded, however it is delivered", arguments: accepted)
    func accepts(_ text: String, _ payload: String) {
        #expect(decodeChunks(text) == .complete(payload, consumed: text.utf8.count))
        #expect(decodeChunks(text + "GET / HTTP/1.1") == .complete(payload, consumed: text.utf8.count))
        for count in 0..<text.utf8.count {
            #expect(decodeChunks(String(decoding: text.utf8.prefix(count), as: UTF8.self)) == .incomplete)
        }
    }

    static let refused: [(String, FramingError)] = [
        ("\r", .invalidChunkSize), ("\n", .bareLineFeed), (" ", .invalidChunkSize), (";", .invalidChunkSize),
        ("g", .invalidChunkSize), ("-", .invalidChunkSize), ("+", .invalidChunkSize), ("0x", .invalidChunkSize),
        ("1 ", .invalidChunkSize), ("1\t", .invalidChunkSize), ("1_", .invalidChunkSize), ("1\n", .bareLineFeed),
        ("5\rh", .bareCarriageReturn), ("0\rh", .bareCarriageReturn), ("5\r\r", .bareCarriageReturn),
        ("2 erfrferferf\r\naa\r\n0 rrrr\r\n", .invalidChunkSize),
        ("8000000000000000", .chunkSizeOverflow), ("ffffffffffffffff", .chunkSizeOverflow),
        ("00000000000000000", .chunkSizeOverflow), ("10000000000000000", .chunkSizeOverflow),
        ("1\r\nxy", .missingChunkEnd), ("1\r\nx\n", .bareLineFeed), ("1\r\nx\ry", .bareCarriageReturn),
        ("1\r\nx0", .missingChunkEnd), ("1\r\nx\r\n\r", .invalidChunkSize),
        ("2;\r", .invalidExtension), ("2; ", .invalidExtension), ("2;a ", .invalidExtension),
        ("2;a=\r", .invalidExtension), ("2;a= ", .invalidExtension), ("2;a;\r", .invalidExtension),
        ("2;;", .invalidExtension), ("2;=", .invalidExtension), ("2;a==", .invalidExtension),
        ("2;a=b ", .invalidExtension), ("2;a=b\"", .invalidExtension), ("2;a\n", .bareLineFeed),
        ("2;a=\"b\r", .invalidExtension), ("2;a=\"b\n", .bareLineFeed), ("2;a=\"b\\\r", .invalidExtension),
        ("2;a=\"\0", .invalidExtension), ("2;a=\"\\\0", .invalidExtension), ("2;a=\"b\"c", .invalidExtension),
        ("2;a=\"b\" ", .invalidExtension), ("2;a\0", .invalidExtension), ("2;é", .invalidExtension),
        ("5;ilovew3=\"abc\";somuchlove=\"def; ghi\r\nhello\r\n", .invalidExtension),
        ("0\r\n\n", .trailer(.bareLineFeed)), ("0\r\n\rx", .bareCarriageReturn),
        ("0\r\n ", .trailer(.foldedLine)), ("0\r\n:", .trailer(.emptyName)),
        ("0\r\nA ", .trailer(.whitespaceBeforeColon)),
        ("0\r\nA: b\r\n ", .trailer(.foldedLine)), ("0\r\nA\r", .trailer(.missingColon)),
        ("0\r\nA: b\n", .trailer(.bareLineFeed)), ("0\r\nA: \0", .trailer(.invalidValue)),
        ("0\r\nA: b\r\n\rx", .trailer(.bareCarriageReturn)), ("0\r\nA: b\rx", .trailer(.bareCarriageReturn)),
        ("0\r\nContent-Length:", .trailer(.forbiddenTrailer)), ("0\r\nA: b\r\nhost:", .trailer(.forbiddenTrailer)),
        ("0\r\nTransfer-Encoding:", .trailer(.forbiddenTrailer)),
    ]

    @Test("a chunked body that breaks the rules is refused at the offending byte", arguments: refused)
    func refuses(_ text: String, _ error: FramingError) {
        #expect(decodeChunks(text) == .refused(error))
        #expect(decodeChunks(text + "more\r\n\r\n") == .refused(error))
        let before = String(decoding: text.utf8.dropLast(), as: UTF8.self)
        if text.utf8.count < 20, text.allSatisfy(\.isASCII) { #expect(decodeChunks(before) == .incomplete) }
        #expect(!error.reason.isEmpty && (400...499).contains(error.status.code))
    }

    @Test("the largest chunk size is the largest integer")
    func largest() throws {
        let bytes = Array("7fffffffffffffff\r\nx".utf8)
        var decoder = ChunkedDecoder(limits: ChunkLimits())
        #expect(try step(&decoder, bytes.span).get() == .data(18..<19, consumed: 19))
        #expect(decodeChunks("7FFFFFFFFFFFFFFF\r\n") == .incomplete)
    }

    @Test("payload is found in place, and never more of it than the chunk holds")
    func payload() throws {
        let bytes = Array("3\r\nabcd".utf8)
        var decoder = ChunkedDecoder(limits: ChunkLimits())
        #expect(try step(&decoder, bytes.span).get() == .data(3..<6, consumed: 6))
        #expect(throws: FramingError.missingChunkEnd) { try step(&decoder, bytes.span.extracting(6..<7)).get() }
    }

    @Test("no bytes change nothing, and after the end nothing is consumed")
    func nothing() throws {
        let bytes = Array("0\r\n\r\nx".utf8)
        var decoder = ChunkedDecoder(limits: ChunkLimits())
        #expect(try step(&decoder, bytes.span.extracting(0..<0)).get() == .needMore(consumed: 0))
        #expect(try step(&decoder, bytes.span).get() == .end(consumed: 5))
        #expect(try step(&decoder, bytes.span.extracting(5..<6)).get() == .end(consumed: 0))
        #expect(try step(&decoder, bytes.span.extracting(0..<0)).get() == .end(consumed: 0))
    }

    @Test("the extensions of a chunk pass at their limit, and one byte more is refused", arguments: [2, 9])
    func extensionBytes(_ limit: Int) {
        let limits = ChunkLimits(extensionBytes: limit)
        for count in [limit - 1, limit] where count >= 2 {
            let chunk = "1;" + String(repeating: "a", count: count - 1) + "\r\nx\r\n"
            let text = chunk + chunk + "0\r\n\r\n"
            #expect(decodeChunks(text, limits: limits) == .complete("xx", consumed: text.utf8.count))
        }
        let long = "1;" + String(repeating: "a", count: limit)
        #expect(decodeChunks(long, limits: limits) == .refused(.extensionTooLong))
        #expect(decodeChunks("1;", limits: ChunkLimits(extensionBytes: 0)) == .refused(.extensionTooLong))
    }

    @Test("the extensions of a body pass at their limit, and one byte more is refused")
    func totalExtensionBytes() {
        let limits = ChunkLimits(totalExtensionBytes: 4)
        let two = "1;a\r\nx\r\n1;a\r\nx\r\n"
        #expect(decodeChunks(two + "0\r\n\r\n", limits: limits) == .complete("xx", consumed: 21))
        #expect(decodeChunks(two + "1;", limits: limits) == .refused(.extensionTooLong))
    }

    @Test("trailers pass at their limits, and one more is refused")
    func trailers() {
        let bytes = ChunkLimits(trailerBytes: 8)
        #expect(decodeChunks("0\r\na:\r\nb:\r\n\r\n", limits: bytes) == .complete("", consumed: 13))
        #expect(decodeChunks("0\r\na:\r\nb:\r\nc", limits: bytes) == .refused(.trailer(.tooManyBytes)))
        #expect(decodeChunks("0\r\na: 12345", limits: bytes) == .incomplete)
        #expect(decodeChunks("0\r\na: 123456", limits: bytes) == .refused(.trailer(.tooManyBytes)))
        let count = ChunkLimits(trailerCount: 2)
        #expect(decodeChunks("0\r\na:\r\nb:\r\n\r\n", limits: count) == .complete("", consumed: 13))
        #expect(decodeChunks("0\r\na:\r\nb:\r\nc", limits: count) == .refused(.trailer(.tooManyFields)))
        #expect(FramingError.trailer(.tooManyFields).status.code == 431)
        let none = ChunkLimits(trailerBytes: 0)
        #expect(decodeChunks("0\r\n\r\n", limits: none) == .complete("", consumed: 5))
        #expect(decodeChunks("0\r\na", limits: none) == .refused(.trailer(.tooManyBytes)))
    }
}
