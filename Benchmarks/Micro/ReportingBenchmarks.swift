import AsyncHTTP
import Reporting
import Telemetry

/// What a program pays for telling a hub: nobody sends what is reported here, so the room is made again now and then.
func reportingBenchmarks() throws -> [Benchmark] {
    let loop = try BackgroundLoop().loop
    let labels = try Labels(["queue": "fast", "hostname": "node-1"])
    let events = [ReportedSample("worker_jobs_total", .counter, 1, labels: labels, help: "Jobs done.")]
    let hub = HTTPClient(.internet(host: "127.0.0.1", port: 1), on: loop)
    func client() -> ReportClient {
        ReportClient(ReportConfiguration(name: "w", type: "t"), through: hub, on: loop)
    }
    let full = client()
    while full.report(events) == .kept {}
    return [
        Benchmark(
            "report an event",
            repeated: { count in
                var left = count
                while left > 0 {
                    let client = client()
                    for _ in 0..<min(left, 10_000) { client.report(events) }
                    left -= 10_000
                }
            }
        ),
        Benchmark("report an event that there is no room for") { full.report(events) },
    ]
}
