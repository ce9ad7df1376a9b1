import Synchronization
import Telemetry
import Testing

@Suite("Instruments")
struct InstrumentTests {
    private func reading(_ histogram: Histogram) throws -> HistogramReading {
        guard case .histogram(let reading) = histogram.reading else {
            throw MetricsError.invalidName("not a histogram")
        }
        return reading
    }

    @Test("a counter only goes up")
    func counter() {
        let counter = Counter()
        counter.increment()
        counter.increment(by: 2)
        counter.increment(by: 0.25)
        counter.increment(by: 4.0)
        for amount in [-1, .nan, .infinity, -.infinity, 0, -0.5] { counter.increment(by: amount) }
        counter.increment(by: -5)
        #expect(counter.value == 7.25)
    }

    @Test("a gauge goes anywhere")
    func gauge() {
        let gauge = Gauge()
        gauge.set(5)
        gauge.increment()
        gauge.decrement(by: 10)
        #expect(gauge.value == -4)
        gauge.set(.nan)
        #expect(gauge.value.isNaN)
    }

    @Test("a histogram counts a value in the first bucket whose bound is not below it")
    func histogram() throws {
        let histogram = try Histogram(buckets: Buckets([1, 2, 3]))
        for value in [-1, 1, 1.5, 2, 3, 3.5, .infinity] { histogram.observe(value) }
        histogram.observe(.milliseconds(2500))
        #expect(try reading(histogram).counts == [2, 2, 2, 2])
        #expect(try reading(histogram).sum == .infinity)
    }

    @Test("work is timed by a clock, and what throws counts, too")
    func time() throws {
        let (histogram, clock) = (try Histogram(buckets: Buckets([1, 10])), SteppingClock())
        #expect(histogram.time(by: clock) { "done" } == "done")
        #expect(throws: Failed.self) { try histogram.time(by: clock) { throw Failed() } }
        #expect(try reading(histogram).counts == [0, 2, 0])
        #expect(try reading(histogram).sum == 6)
        histogram.time {}
        #expect(try reading(histogram).counts == [1, 2, 0])
    }

    @Test("work that waits is timed, the waiting included")
    func timeOfWaiting() async throws {
        let (histogram, clock) = (try Histogram(buckets: Buckets([1, 10])), SteppingClock())
        let done = await histogram.time(by: clock) {
            await Task.yield()
            return "done"
        }
        #expect(done == "done")
        await #expect(throws: Failed.self) {
            try await histogram.time(by: clock) { () async throws(Failed) in throw Failed() }
        }
        #expect(try reading(histogram).counts == [0, 2, 0])
    }

    private struct Failed: Error {}

    @Test("the buckets of tasks are those of requests, and go on to an hour")
    func longDurations() {
        let bounds = Buckets.longDurations.bounds
        #expect(bounds.starts(with: Buckets.durations.bounds) && bounds.last == 3600)
        #expect(bounds == bounds.sorted())
    }

    @Test("NaN is counted but does not spoil the sum")
    func notANumber() throws {
        let histogram = try Histogram(buckets: Buckets([1]))
        histogram.observe(.nan)
        histogram.observe(0.5)
        #expect(try reading(histogram).counts == [1, 1])
        #expect(try reading(histogram).sum == 0.5)
    }

    @Test("infinities of both signs have no sum: NaN as text, and nothing where that is forbidden")
    func infinities() throws {
        let registry = Registry()
        let histogram = try registry.histogram("x", help: "", buckets: Buckets([1]))
        histogram.observe(.infinity)
        #expect(text(registry).contains("\nx_sum +Inf\n"))
        histogram.observe(-.infinity)
        #expect(text(registry).hasSuffix("\nx_bucket{le=\"1.0\"} 1\nx_bucket{le=\"+Inf\"} 2\nx_sum NaN\nx_count 2\n"))
        #expect(text(registry, .openMetrics100).hasSuffix("\nx_bucket{le=\"+Inf\"} 2\n# EOF\n"))
    }

    @Test("nothing is lost when threads count at once")
    func threads() async throws {
        let counter = Counter()
        let gauge = Gauge()
        let histogram = try Histogram(buckets: Buckets([1, 2]))
        let registry = Registry()
        let family = try registry.counter("x", help: "", labels: ["a"])
        await withTaskGroup(of: Void.self) { group in
            for thread in 0..<4 {
                group.addTask { @concurrent in
                    for number in 0..<10_000 {
                        counter.increment()
                        counter.increment(by: 0.5)
                        gauge.increment(by: 2)
                        histogram.observe(Double(number % 4))
                        if number.isMultiple(of: 100) { try? family.with("\(thread % 2)").increment() }
                    }
                }
            }
        }
        #expect(counter.value == 60_000)
        #expect(gauge.value == 80_000)
        #expect(try reading(histogram).counts == [20_000, 10_000, 10_000])
        #expect(try reading(histogram).sum == 60_000)
        #expect(try family.with("0").value + family.with("1").value == 400)
    }

    @Test("no addition is lost when threads do nothing but add to one number")
    func contention() async throws {
        let gauge = Gauge()
        let counter = Counter()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask { @concurrent in
                    for _ in 0..<200_000 { gauge.increment() }
                    for _ in 0..<200_000 { counter.increment(by: 0.5) }
                }
            }
        }
        #expect(gauge.value == 800_000)
        #expect(counter.value == 400_000)
    }

    @Test("facts are absent until they are set, and can be taken back")
    func info() throws {
        let registry = Registry()
        let info = try registry.info("x", help: "", labels: ["b", "a"])
        #expect(text(registry) == "")
        try info.set("1", "2")
        try info.set("3", "4")
        #expect(text(registry).hasSuffix("\nx{a=\"4\",b=\"3\"} 1\n"))
        info.clear()
        #expect(registry.gather().isEmpty)
    }

    @Test("facts can be OpenMetrics' info, named with or without its suffix", arguments: ["build", "build_info"])
    func infoKind(name: String) throws {
        let registry = Registry()
        let info = try registry.info(name, help: "Build.", labels: ["version"], form: .info)
        try info.set("1")
        #expect(text(registry) == "# HELP build_info Build.\n# TYPE build_info gauge\nbuild_info{version=\"1\"} 1\n")
        #expect(
            text(registry, .openMetrics100)
                == "# HELP build Build.\n# TYPE build info\nbuild_info{version=\"1\"} 1.0\n# EOF\n"
        )
    }
}

/// A clock that goes on by three seconds whenever it is read.
private final class SteppingClock: Clock {
    typealias Instant = ContinuousClock.Instant

    private let start = ContinuousClock.now
    private let reads = Atomic<Int>(0)

    var now: Instant {
        start.advanced(by: .seconds(3 * reads.wrappingAdd(1, ordering: .relaxed).newValue))
    }
    var minimumResolution: Duration { .seconds(3) }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {}
}
