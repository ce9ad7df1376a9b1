import Glibc
import Testing

@testable import TelemetryServer

@Suite("What the machine does")
struct SystemReaderTests {
    @Test("as this kernel counts it")
    func here() throws {
        let reader = SystemReader()
        let readings = reader.read()
        #expect((0...100).contains(try #require(readings.memoryPercent)))
        #expect(try #require(readings.residentBytes) > 1_000_000)
        if let percent = readings.processorPercent { #expect((0...100).contains(percent)) }
    }

    @Test("where the kernel tells nothing, nothing is told")
    func nowhere() {
        let reader = SystemReader(directory: "/nowhere")
        #expect(reader.read() == SystemReader.Readings())
    }

    @Test("the load is that between two readings, waiting for disks not counted")
    func load() throws {
        let directory = try Accounts()
        try directory.write("stat", "cpu  100 0 100 700 100 0 0 0 50 0\ncpu0 1 2 3 4\n")
        try directory.write("meminfo", "MemTotal: 1000 kB\nMemFree: 1 kB\nMemAvailable: 250 kB\n")
        let reader = SystemReader(directory: directory.path)
        #expect(reader.read().processorPercent == nil)
        try directory.write("stat", "cpu  125 0 100 750 125 0 0 0 50 0\n")
        let readings = reader.read()
        #expect(readings.processorPercent == 25)
        #expect(readings.memoryPercent == 75)
        try directory.write("stat", "cpu  1 0 1 1 1 0 0 0 0 0\n")
        #expect(reader.read().processorPercent == nil)
        try directory.write("stat", "intr 1\n")
        try directory.write("meminfo", "MemTotal: 0 kB\nMemAvailable: 0 kB\n")
        #expect(reader.read() == SystemReader.Readings())
    }

    private final class Accounts: Sendable {
        struct Failure: Error {}
        let path: String

        init() throws {
            var template = Array("/tmp/proc-XXXXXX".utf8CString)
            guard unsafe mkdtemp(&template) != nil else { throw Failure() }
            path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }

        deinit {
            for name in ["stat", "meminfo"] { unsafe unlink("\(path)/\(name)") }
            unsafe rmdir(path)
        }

        func write(_ name: String, _ text: String) throws {
            guard let file = unsafe fopen("\(path)/\(name)", "w") else { throw Failure() }
            unsafe fputs(text, file)
            unsafe fclose(file)
        }
    }
}
