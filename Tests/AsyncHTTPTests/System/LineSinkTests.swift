import Glibc
import Testing

@testable import AsyncHTTP

@Suite("Lines to a reader who may have stopped reading")
struct LineSinkTests {
    /// The two ends of something that lines go through.
    private struct Ends: ~Copyable {
        let reader: Int32
        let writer: Int32

        static func pipe() throws -> Ends {
            var ends: [Int32] = [0, 0]
            try check("pipe") { unsafe Glibc.pipe(&ends) }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            return Ends(reader: ends[0], writer: ends[1])
        }

        static func sockets() throws -> Ends {
            var ends: [Int32] = [0, 0]
            try check("socketpair") {
                unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends)
            }
            return Ends(reader: ends[0], writer: ends[1])
        }

        /// What can be read now.
        func read(_ most: Int = 1 << 20) -> [UInt8] {
            var bytes: [UInt8] = []
            var watched = pollfd(fd: reader, events: Int16(POLLIN), revents: 0)
            while bytes.count < most, unsafe poll(&watched, 1, 0) == 1 {
                var piece = [UInt8](repeating: 0, count: min(1 << 16, most - bytes.count))
                let count = unsafe Glibc.read(reader, &piece, piece.count)
                guard count > 0 else { break }
                bytes += piece[..<count]
            }
            return bytes
        }

        deinit {
            close(reader)
            close(writer)
        }
    }

    private func line(_ letter: Character, _ count: Int) -> [UInt8] {
        Array((String(repeating: letter, count: count - 1) + "\n").utf8)
    }

    /// Lines until one is dropped.
    private func fill(_ sink: LineSink, _ line: [UInt8]) -> Int {
        var count = 0
        while count < 100_000, sink.write(line) { count += 1 }
        return count
    }

    @Test("lines that do not fit are dropped at once, and whole ones go on when there is room", arguments: [100, 4096])
    func pipe(length: Int) throws {
        let ends = try Ends.pipe()
        let sink = LineSink(ends.writer)
        let count = fill(sink, line("a", length))
        #expect(count > 0 && count < 100_000)
        #expect(!sink.write(line("b", length)))
        #expect(ends.read() == (0..<count).flatMap { _ in line("a", length) })
        #expect(sink.write(line("c", length)))
        #expect(ends.read() == line("c", length))
    }

    @Test("nobody else's writes become non-blocking")
    func shared() throws {
        let ends = try Ends.pipe()
        let sink = LineSink(ends.writer)
        _ = fill(sink, line("a", 1000))
        #expect(fcntl(ends.writer, F_GETFL) & O_NONBLOCK == 0)
        #expect(ends.read().count > 0)
    }

    @Test("two who share a pipe never hold each other up")
    func twoWriters() throws {
        let ends = try Ends.pipe()
        let (first, second) = (LineSink(ends.writer), LineSink(ends.writer))
        for round in 0..<200 {
            _ = first.write(line("a", 4000))
            _ = second.write(line("b", round % 2 == 0 ? 4096 : 1))
            if round % 50 == 49 { #expect(ends.read().filter { $0 == 10 }.count > 0) }
        }
    }

    @Test("a line that is taken in part is finished before the next", arguments: [true, false])
    func partial(isSocket: Bool) throws {
        let ends = isSocket ? try Ends.sockets() : try Ends.pipe()
        let sink = LineSink(ends.writer)
        // Longer than what a pipe takes as a whole or not at all, and than any rest of a socket's buffer.
        let long = line("a", 100_000)
        let count = fill(sink, long)
        #expect(!sink.write(line("b", 10)))
        var received = ends.read()
        #expect(received.count % long.count > 0, "the last one is incomplete")
        #expect(received.count < count * long.count)
        while !sink.write(line("c", 10)) { received += ends.read() }
        received += ends.read()
        #expect(received == (0..<count).flatMap { _ in long } + line("c", 10))
    }

    @Test("a socket that is full takes nothing, and lines again when it has been read")
    func socket() throws {
        let ends = try Ends.sockets()
        let sink = LineSink(ends.writer)
        #expect(fill(sink, line("a", 300)) > 0)
        #expect(!sink.write(line("b", 4096)))
        let lines = ends.read().split(separator: 10)
        #expect(lines.allSatisfy { Set($0) == [UInt8(ascii: "a")] })
        while !sink.write(line("c", 300)) { _ = ends.read() }
        #expect(ends.read().suffix(300) == line("c", 300)[...])
    }

    @Test("a file takes every line, behind what is there")
    func file() throws {
        let path = "/tmp/sink-\(UInt64.random(in: 0 ... .max)).log"
        let raw = try check("open") { unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600) }
        defer {
            close(raw)
            unsafe unlink(path)
        }
        let first = line("x", 10)
        #expect(unsafe write(raw, first, first.count) == 10)
        let sink = LineSink(raw)
        for _ in 0..<100 { #expect(sink.write(line("a", 1000))) }
        #expect(lseek(raw, 0, SEEK_END) == 100_010)
    }

    @Test("where nobody is left to read, a line is dropped and nothing is ended")
    func gone() throws {
        ignoreBrokenPipes()
        for isSocket in [true, false] {
            let sink: LineSink
            do {
                let ends = isSocket ? try Ends.sockets() : try Ends.pipe()
                sink = LineSink(fcntl(ends.writer, F_DUPFD_CLOEXEC, 0))
            }
            #expect(!sink.write(line("a", 10)))
        }
        #expect(!LineSink(-1).write(line("a", 10)))
    }
}
