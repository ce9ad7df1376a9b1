import Glibc
import Testing

@testable import AsyncHTTP

@Suite("Files")
struct FileTests {
    private func write(_ text: String, to path: String) throws {
        let file = Descriptor(
            owning: try check("open") { unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600) }
        )
        let (raw, bytes) = (file.raw, Array(text.utf8))
        try check("write") { unsafe Glibc.write(raw, bytes, bytes.count) }
    }

    private func text(_ path: String, limit: ByteCount = .kibibytes(1)) throws -> String {
        String(decoding: try FileContents.read(path, limit: limit), as: UTF8.self)
    }

    @Test("a file is read whole, up to the limit, and one byte more is an error")
    func limit() throws {
        try withTemporaryDirectory { directory in
            let path = "\(directory)/file"
            for length in [0, 1, 99, 100] {
                try write(String(repeating: "x", count: length), to: path)
                #expect(try text(path, limit: .bytes(100)) == String(repeating: "x", count: length))
            }
            try write(String(repeating: "x", count: 101), to: path)
            let error = #expect(throws: SystemError.self) { try text(path, limit: .bytes(100)) }
            #expect(error == SystemError("read", errno: EFBIG, subject: path))
        }
    }

    @Test("what cannot be read says why, and which file it is")
    func unreadable() throws {
        try withTemporaryDirectory { directory in
            let missing = #expect(throws: SystemError.self) { try text("\(directory)/none") }
            #expect(missing == SystemError("open", errno: ENOENT, subject: "\(directory)/none"))
            let folder = #expect(throws: SystemError.self) { try text(directory) }
            #expect(folder == SystemError("read", errno: EISDIR, subject: directory))
            #expect(throws: SystemError("stat", errno: ENOENT, subject: "\(directory)/none")) {
                try FileSignature.of("\(directory)/none")
            }
        }
    }

    @Test("a pipe that nobody writes to, and a device without end, hold nobody up", .timeLimit(.minutes(10)))
    func neverWaits() throws {
        try withTemporaryDirectory { directory in
            let path = "\(directory)/pipe"
            try check("mkfifo") { unsafe mkfifo(path, 0o600) }
            #expect(try text(path) == "")
        }
        #expect(throws: SystemError("read", errno: EFBIG, subject: "/dev/zero")) { try text("/dev/zero") }
    }

    @Test(
        "a signature stays while the file does, and changes with what is in it, its time, and the link that leads there"
    )
    func signature() throws {
        try withTemporaryDirectory { directory in
            let (path, link) = ("\(directory)/one", "\(directory)/link")
            try write("one", to: path)
            try check("symlink") { unsafe symlink(path, link) }
            let first = try FileSignature.of(link)
            #expect(try FileSignature.of(path) == first)

            let times = [timespec(tv_sec: 1_700_000_000, tv_nsec: 1), timespec(tv_sec: 1_700_000_000, tv_nsec: 1)]
            try check("utimensat") { unsafe utimensat(AT_FDCWD, path, times, 0) }
            let aged = try FileSignature.of(link)
            #expect(aged != first)

            try write("longer", to: path)
            try check("utimensat") { unsafe utimensat(AT_FDCWD, path, times, 0) }
            let longer = try FileSignature.of(link)
            #expect(longer != aged)

            // The same length and time in another file, put in the old one's place.
            try write("LONGER", to: "\(directory)/two")
            try check("utimensat") { unsafe utimensat(AT_FDCWD, "\(directory)/two", times, 0) }
            try check("rename") { unsafe rename("\(directory)/two", path) }
            let replaced = try FileSignature.of(link)
            #expect(replaced != longer)
            #expect(try text(link) == "LONGER")
        }
    }
}
