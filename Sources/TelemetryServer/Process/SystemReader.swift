import AsyncHTTP
import Synchronization

/// How busy the machine is and how much memory this process has, as the kernel counts it. Nil is what it does not tell.
package final class SystemReader: Sendable {
    package struct Readings: Hashable {
        package var processorPercent: Double?
        package var memoryPercent: Double?
        package var residentBytes: Double?

        package init(processorPercent: Double? = nil, memoryPercent: Double? = nil, residentBytes: Double? = nil) {
            self.processorPercent = processorPercent
            self.memoryPercent = memoryPercent
            self.residentBytes = residentBytes
        }
    }

    /// What the processors have done since the machine was started, in ticks.
    private struct Ticks: Sendable {
        let all: UInt64
        let idle: UInt64
    }

    private let directory: String
    private let last: Mutex<Ticks?>

    /// - Parameter directory: where the kernel's accounts are.
    package init(directory: String = "/proc") {
        self.directory = directory
        last = Mutex(Self.ticks(in: directory))
    }

    /// The load is that since the last reading.
    package func read() -> Readings {
        let now = Self.ticks(in: directory)
        let before = last.withLock { last in
            defer { last = now ?? last }
            return last
        }
        var readings = Readings(memoryPercent: memoryPercent(), residentBytes: residentBytes())
        if let before, let now, now.all > before.all, now.idle >= before.idle {
            let share = 1 - Double(now.idle - before.idle) / Double(now.all - before.all)
            readings.processorPercent = max(0, share) * 100
        }
        return readings
    }

    /// The line `cpu` of `/proc/stat`: user, nice, system, idle, iowait, irq, softirq, steal (proc(5)).
    private static func ticks(in directory: String) -> Ticks? {
        let line = ProcFile.read("\(directory)/stat")?.split(separator: UInt8(ascii: "\n")).first
        guard let line, line.starts(with: "cpu ".utf8) else { return nil }
        let fields = numbers(line.dropFirst(4))
        guard fields.count >= 5 else { return nil }
        // Guests are part of user and nice.
        let all = fields.prefix(8).reduce(UInt64(0)) { $0 &+ $1 }
        return Ticks(all: all, idle: fields[3] &+ fields[4])
    }

    private func memoryPercent() -> Double? {
        guard let text = ProcFile.read("\(directory)/meminfo") else { return nil }
        var (total, available): (UInt64?, UInt64?)
        for line in text.split(separator: UInt8(ascii: "\n")) {
            if line.starts(with: "MemTotal:".utf8) { total = Self.numbers(line.dropFirst(9)).first }
            if line.starts(with: "MemAvailable:".utf8) { available = Self.numbers(line.dropFirst(13)).first }
        }
        guard let total, let available, total > 0, available <= total else { return nil }
        return (1 - Double(available) / Double(total)) * 100
    }

    /// The second number of `/proc/self/statm` are the resident pages.
    private func residentBytes() -> Double? {
        let fields = ProcFile.read("\(directory)/self/statm").map { Self.numbers($0[...]) } ?? []
        return fields.count > 1 ? Double(fields[1]) * ProcFile.pageSize : nil
    }

    /// Those before the first word that is none.
    private static func numbers(_ text: ArraySlice<UInt8>) -> [UInt64] {
        var numbers: [UInt64] = []
        for word in text.split(whereSeparator: { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }) {
            guard let number = UInt64(String(decoding: word, as: UTF8.self)) else { break }
            numbers.append(number)
        }
        return numbers
    }
}
