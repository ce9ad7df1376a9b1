/// Small things, measured alone. `micro-bench [--json] [part of a name]…` runs the cases whose names have one of the parts;
/// `micro-bench held-memory` prints what the hub takes for each series that it holds, `micro-bench pipeline-memory` what 1,000
/// pipelines take, and `micro-bench pipeline-server PORT` serves them while they work, for Compare/pipelines.py.
@main
enum MicroBench {
    static func main() throws {
        var parts = Array(CommandLine.arguments.dropFirst())
        if parts == ["held-memory"] { return try printHeldMemory() }
        if parts == ["pipeline-memory"] { return try printPipelineMemory() }
        if parts.count == 2, parts[0] == "pipeline-server" { try servePipelines(on: parts[1]) }
        let isForMachines = parts.first == "--json"
        if isForMachines { parts.removeFirst() }
        let benchmarks =
            try httpBenchmarks() + cacheBenchmarks() + telemetryBenchmarks() + exposition()
            + hubBenchmarks() + reportingBenchmarks() + pipelineBenchmarks()
        if !isForMachines { Benchmark.Result.printHeader() }
        for benchmark in benchmarks where parts.isEmpty || parts.contains(where: { benchmark.name.contains($0) }) {
            let result = try benchmark.measure()
            if isForMachines { result.printJSON() } else { result.printRow() }
        }
    }
}
