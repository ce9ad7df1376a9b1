import AsyncHTTP
import Glibc
import Hub
import Testing

@Suite("The file of a log")
struct FileTests {
    private static func mode(_ path: String) -> mode_t {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
    }

    private static func write(_ text: String, to path: String) throws {
        let file = unsafe try #require(unsafe fopen(path, "w"))
        _ = unsafe fputs(text, file)
        _ = unsafe fclose(file)
    }

    /// What opening it says; nil when it opens.
    private static func refusal(_ path: String) -> LogError? {
        do throws(LogError) {
            try Log(LogConfiguration(path: path)).close()
            return nil
        } catch {
            return error
        }
    }

    @Test("is its owner's alone, and so is what SQLite puts beside it, whether it is new or was everybody's")
    func mode() async throws {
        let directory = try LogDirectory()
        for _ in 0..<2 {
            let log = try directory.log()
            _ = try await log.append(.sample())
            for path in [directory.file, directory.file + "-wal", directory.file + "-shm"] {
                #expect(Self.mode(path) == 0o600, "\(path)")
            }
            log.close()
            unsafe chmod(directory.file, 0o644)
        }
    }

    @Test("has the size that it has on the disk, with what SQLite has put beside it")
    func size() async throws {
        let directory = try LogDirectory()
        let log = try directory.log()
        let before = log.size.bytes
        _ = try await log.append(.sample())
        #expect(log.size.bytes > before)
        var sizes = 0
        for path in [directory.file, directory.file + "-wal"] {
            var status = stat()
            unsafe stat(path, &status)
            sizes += Int(status.st_size)
        }
        #expect(log.size.bytes == sizes && sizes > 0)
        log.close()
    }

    @Test("is a log of one process: a second is told")
    func lock() throws {
        let directory = try LogDirectory()
        let log = try directory.log()
        let error = Self.refusal(directory.file)
        #expect(error?.kind == .inUse)
        #expect(error?.description.contains("another process has it; one hub has one log") == true)
        log.close()
        #expect(Self.refusal(directory.file) == nil)
    }

    @Test("has a name of its own in each log, kept with it")
    func identity() throws {
        let (one, other) = (try LogDirectory(), try LogDirectory())
        let (first, second) = (try one.log(), try other.log())
        #expect(first.identity != second.identity)
        let parts = first.identity.split(separator: "-").map(\.count)
        #expect(parts == [8, 4, 4, 4, 12])
    }

    @Test("is no symbolic link, no directory, no pipe, and lies where there is something")
    func kinds() throws {
        let directory = try LogDirectory()
        let link = "\(directory.path)/link.db"
        unsafe symlink(directory.file, link)
        #expect(Self.refusal(link)?.kind == .symbolicLink)
        #expect(Self.mode(directory.file) == 0, "the link's end was not made")
        #expect(Self.refusal(directory.path)?.kind == .notAFile)
        #expect(Self.refusal("\(directory.path)/")?.kind == .notAFile)
        #expect(Self.refusal("\(directory.path)/missing/log.db")?.kind == .failed)
        unsafe mkfifo(directory.file, 0o600)
        #expect(Self.refusal(directory.file)?.kind == .notAFile)
    }

    @Test("may lie in a directory that is reached by a link")
    func linkedDirectory() throws {
        let directory = try LogDirectory()
        let link = directory.path + "-link"
        unsafe symlink(directory.path, link)
        defer { unsafe unlink(link) }
        #expect(Self.refusal("\(link)/log.db") == nil)
        #expect(Self.mode(directory.file) == 0o600)
    }

    @Test(
        "that is no log is left as it is",
        arguments: [
            "no database at all, but some text that is longer than a header has to be"
                + String(repeating: ".", count: 200), "sqlite",
        ]
    )
    func foreign(content: String) throws {
        let directory = try LogDirectory()
        if content == "sqlite" {
            try Self.write("", to: directory.file)
            try Outsider(directory.file).execute("CREATE TABLE t (x)")
        } else {
            try Self.write(content, to: directory.file)
        }
        unsafe chmod(directory.file, 0o644)
        #expect(Self.refusal(directory.file)?.kind == .foreign)
        #expect(Self.mode(directory.file) == 0o644)
    }

    @Test("of a later version is left as it is")
    func newer() throws {
        let directory = try LogDirectory()
        try directory.log().close()
        try Outsider(directory.file).execute("PRAGMA user_version = 2")
        let error = Self.refusal(directory.file)
        #expect(error?.kind == .newer)
        #expect(error?.detail == "its version is 2, this is 1")
    }

    @Test("without one of its tables says which")
    func missingTable() async throws {
        let directory = try LogDirectory()
        let log = try directory.log()
        _ = try await log.append(.sample())
        log.close()
        try Outsider(directory.file).execute("DROP TABLE report_1")
        let error = Self.refusal(directory.file)
        #expect(error?.kind == .damaged)
        #expect(error?.detail == "tables are missing: report_1")
    }

    @Test("with broken pages is refused, or what is broken of it is told")
    func corrupt() async throws {
        let directory = try LogDirectory()
        let log = try directory.log()
        for number in 0..<2000 { _ = try await log.append(.sample(["m\(number % 100)": 1.5])) }
        log.close()
        let descriptor = unsafe open(directory.file, O_RDWR)
        let size = lseek(descriptor, 0, SEEK_END)
        let noise = [UInt8](repeating: 0xA5, count: 4096)
        for page in stride(from: Int(size) / 4096 / 2, to: Int(size) / 4096, by: 3) {
            _ = unsafe pwrite(descriptor, noise, noise.count, page * 4096)
        }
        close(descriptor)
        do {
            let broken = try directory.log()
            defer { broken.close() }
            let reader = try broken.reader()
            #expect(try !LogVerification.run(reader).problems.isEmpty)
            let error = #expect(throws: LogError.self) {
                var last: Int64 = 0
                while let next = try reader.read(after: last, limit: 100).last?.sequence { last = next }
            }
            #expect(error?.kind == .damaged)
            _ = try? await broken.append(.sample())
        } catch let error as LogError {
            #expect([.damaged, .foreign].contains(error.kind))
        }
    }
}
