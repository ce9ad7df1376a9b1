/// Small things, measured alone. `micro-bench [part of a name]…` runs the cases whose names have one of the parts.
@main
enum MicroBench {
    static func main() throws {
        let parts = CommandLine.arguments.dropFirst()
        let benchmarks = try httpBenchmarks() + cacheBenchmarks() + metricsBenchmarks() + exposition()
        Benchmark.printHeader()
        for benchmark in benchmarks where parts.isEmpty || parts.contains(where: { benchmark.name.contains($0) }) {
            try benchmark.measure()
        }
    }
}
