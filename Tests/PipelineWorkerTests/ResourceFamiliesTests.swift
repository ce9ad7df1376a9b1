import AsyncHTTP
import Synchronization
import Telemetry
import TelemetryServer
import Testing

@testable import PipelineWorker

@Suite("What the process uses")
struct ResourceFamiliesTests {
    private final class Kernel: Sendable {
        let spent = Mutex(Duration.zero)
        let now = Mutex(MonotonicInstant.now)
    }

    private func value(_ name: String, _ families: [MetricFamily]) -> Double? {
        guard case .number(let value)? = families.first(where: { $0.descriptor.name == name })?.samples.first?.value
        else { return nil }
        return value
    }

    @Test("is the part of all processors since the last reading, and never more than all of them")
    func usage() throws {
        let kernel = Kernel()
        let families = try ResourceFamilies(cores: 2) {
            ProcessStatus(Array("1 (a b) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 3 0 5 4096 2 0".utf8))
        } spent: {
            kernel.spent.withLock { $0 }
        } now: {
            kernel.now.withLock { $0 }
        }
        for (seconds, spent, share) in [(1, 1000, 0.5), (2, 0, 0), (2, 1, 0.00025), (1, 9999, 1)] {
            kernel.now.withLock { $0 = $0.advanced(by: .seconds(seconds)) }
            kernel.spent.withLock { $0 += .milliseconds(spent) }
            #expect(value("process_cpu_usage", families.collect()) == share)
        }
        // Whoever looks a moment later takes nobody's time away.
        kernel.now.withLock { $0 = $0.advanced(by: .milliseconds(499)) }
        #expect(value("process_cpu_usage", families.collect()) == 1)
        kernel.now.withLock { $0 = $0.advanced(by: .milliseconds(501)) }
        #expect(value("process_cpu_usage", families.collect()) == 0)
        #expect(value("process_threads", families.collect()) == 3)
        #expect(value("app_memory_usage_bytes", families.collect()) == 2 * ProcFile.pageSize)
        #expect(value("app_cpu_usage_seconds", families.collect()) == 11)
    }

    @Test("without the kernel's account it is the time on processors alone")
    func nothing() throws {
        let families = try ResourceFamilies(cores: 1) { nil }.collect()
        #expect(families.map(\.descriptor.name) == ["app_cpu_usage_seconds", "process_cpu_usage"])
        #expect(try #require(value("app_cpu_usage_seconds", families)) > 0)
    }
}
