// The example of docs/reporting.md, as it stands there.
import Reporting
import Telemetry

/// A worker whose jobs a hub hears of.
struct Worker {
    private let registry = Registry()
    private let jobs: Counter
    private let reporting: ReportClient.Background

    init(reportingTo hub: HubURL) throws {
        jobs = try registry.counter("worker_jobs_total", help: "Jobs done.")
        var configuration = ReportConfiguration(name: "worker-cpu-01", type: "worker_pool")
        configuration.labels = try Labels(["hostname": "node-1"])
        reporting = try ReportClient.start(configuration, to: hub) { [registry] in registry.gather() }
    }

    func run(_ job: () -> Void) {
        job()
        jobs.increment()
        reporting.client.report([ReportedSample("worker_last_job_size", .gauge, 42)])
    }

    func stop() { reporting.stop() }
}
