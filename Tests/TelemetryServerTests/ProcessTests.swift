import Glibc
import Telemetry
import Testing

@testable import AsyncHTTP
@testable import TelemetryServer

@Suite("ProcessCollector")
struct ProcessTests {
    private func values(_ collector: ProcessCollector) -> [String: Double] {
        var values: [String: Double] = [:]
        for family in collector.collect() {
            if case .number(let value)? = family.samples.first?.value { values[family.descriptor.name] = value }
        }
        return values
    }

    @Test("the values are this process's")
    func values() throws {
        let collector = try ProcessCollector()
        let before = values(collector)
        #expect(before.count == 6)
        let now = Double(time(nil))
        let started = try #require(before["process_start_time_seconds"])
        #expect(started > now - 3600 && started <= now + 1)
        let resident = try #require(before["process_resident_memory_bytes"])
        let virtual = try #require(before["process_virtual_memory_bytes"])
        #expect(resident > 1_000_000 && virtual > resident)
        let limit = try #require(before["process_max_fds"])
        let open = try #require(before["process_open_fds"])
        #expect(open >= 3 && open <= limit)
        #expect(limit == Double(sysconf(Int32(_SC_OPEN_MAX))))

        let cpu = try #require(before["process_cpu_seconds"])
        var spent = Double(clock()) / Double(CLOCKS_PER_SEC)
        #expect(abs(cpu - spent) < 1)
        let goal = spent + 0.05
        while spent < goal { spent = Double(clock()) / Double(CLOCKS_PER_SEC) }
        #expect(try #require(values(collector)["process_cpu_seconds"]) > cpu)
    }

    @Test("opening descriptors is seen")
    func descriptors() throws {
        let collector = try ProcessCollector()
        try untilOthersAreQuiet {
            let opened = (0..<50).map { _ in dup(0) }
            let more = try #require(values(collector)["process_open_fds"])
            for descriptor in opened { close(descriptor) }
            let fewer = try #require(values(collector)["process_open_fds"])
            return more - fewer > 30 && more - fewer < 70
        }
    }

    /// Other tests run beside these, and may open and close hundreds of descriptors at any moment.
    private func untilOthersAreQuiet(_ isTrue: () throws -> Bool) throws {
        var tries = 0
        while try !isTrue() {
            tries += 1
            try #require(tries < 200)
            usleep(50_000)
        }
    }

    @Test("where there is no /proc, there is nothing")
    func absent() throws {
        let registry = Registry()
        try registry.register(ProcessCollector(directory: "/nowhere"))
        #expect(registry.gather().isEmpty)
        #expect(ProcFile.countDescriptors(in: "/nowhere") == nil)
        #expect(ProcFile.read("/proc") == nil, "a directory cannot be read")
    }

    @Test("where the size of the directory says nothing, its entries are counted one by one")
    func counted() throws {
        let opened = (0..<50).map { _ in dup(0) }
        defer { for descriptor in opened { close(descriptor) } }
        try untilOthersAreQuiet {
            let counted = try #require(ProcFile.countDescriptors(in: "/proc/self/fdinfo"))
            let told = try #require(ProcFile.countDescriptors(in: "/proc/self/fd"))
            return counted > 50 && abs(counted - told) < 10
        }
    }

    @Test("a program's name cannot shift the fields")
    func hostileName() {
        let fields = (3...52).map { "\($0)" }.joined(separator: " ")
        for name in ["swift", "a b", "a) R 1 (b", ")", "(", ""] {
            let status = ProcessStatus(Array("77 (\(name)) \(fields)\n".utf8))
            #expect(status?.userTicks == 14)
            #expect(status?.systemTicks == 15)
            #expect(status?.startTicks == 22)
            #expect(status?.virtualBytes == 23)
            #expect(status?.residentPages == 24)
        }
    }

    @Test(
        "accounts that make no sense are absent",
        arguments: [
            "", ")", "1 (x) R 1 2", "1 (x) " + String(repeating: "x ", count: 50),
            "1 (x) " + String(repeating: "-1 ", count: 50),
        ]
    )
    func malformed(text: String) {
        #expect(ProcessStatus(Array(text.utf8)) == nil)
    }

    @Test("the boot time is found among the other lines, and too large a number is none")
    func bootTime() {
        #expect(ProcessStatus.bootTime(Array("cpu 1 2\nintr 5\nbtime 1700000000\nprocesses 3\n".utf8)) == 1_700_000_000)
        #expect(ProcessStatus.bootTime(Array("btime 99999999999999999999\n".utf8)) == nil)
        #expect(ProcessStatus.bootTime(Array("btime \n".utf8)) == nil)
        #expect(ProcessStatus.bootTime([]) == nil)
    }
}
