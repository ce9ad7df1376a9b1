import CAllocationCounter

/// One measured case: a name, and what is done so and so many times.
struct Benchmark {
    /// How long one run of a case lasts; the best of several runs is what the machine can do when it is left alone.
    static let runDuration = Duration.milliseconds(100)
    static let runs = 7

    let name: String
    /// Does it so many times.
    private let body: (Int) throws -> Void

    /// A case of one operation, repeated here.
    init(_ name: String, _ operation: @escaping () throws -> Void) {
        self.init(name, repeated: { count in for _ in 0..<count { try operation() } })
    }

    /// A case that repeats by itself: without a call per repetition for what takes a nanosecond, or on several threads.
    init(_ name: String, repeated body: @escaping (_ count: Int) throws -> Void) {
        self.name = name
        self.body = body
    }

    struct Result {
        let name: String
        let best: Duration
        let median: Duration
        let allocations: Double
    }

    func measure() throws -> Result {
        let clock = ContinuousClock()
        var count = 1
        while true {
            let taken = try clock.measure { try body(count) }
            if taken >= Self.runDuration / 10 {
                count = max(1, Int(Double(count) * (Self.runDuration / taken)))
                break
            }
            count *= 4
        }
        let allocationsBefore = allocation_count()
        let runs = try (0..<Self.runs).map { _ in try clock.measure { try body(count) } / count }.sorted()
        let allocations = Double(allocation_count() - allocationsBefore) / Double(count * Self.runs)
        return Result(name: name, best: runs[0], median: runs[runs.count / 2], allocations: allocations)
    }
}

/// How results are printed.
extension Benchmark.Result {
    static func printHeader() {
        print(pad("case", 52), pad("ns (best)", -11), pad("(median)", -11), pad("allocations", -11))
    }

    func printRow() {
        func nanoseconds(_ duration: Duration) -> String {
            let value = duration / .nanoseconds(1)
            return value < 100 ? Self.decimal(value) : "\(Int(value.rounded()))"
        }
        print(
            Self.pad(name, 52),
            Self.pad(nanoseconds(best), -11),
            Self.pad(nanoseconds(median), -11),
            Self.pad(Self.decimal(allocations), -11)
        )
    }

    /// One object in one line. Names hold nothing that JSON would escape.
    func printJSON() {
        let (best, median) = (best / .nanoseconds(1), median / .nanoseconds(1))
        print(#"{"case":"\#(name)","best_ns":\#(best),"median_ns":\#(median),"allocations":\#(allocations)}"#)
    }

    private static func decimal(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        let space = String(repeating: " ", count: max(0, abs(width) - text.count))
        return width < 0 ? space + text : text + space
    }
}

/// Keeps the compiler from leaving out what nobody looks at.
func blackHole<Value>(_ value: Value) {
    unsafe withUnsafePointer(to: value) { unsafe pretend_to_use($0) }
}
