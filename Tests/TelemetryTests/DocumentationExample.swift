// The example of docs/telemetry.md, word for word: a test compares the two.
import Telemetry

struct Worker {
    let registry = Registry()
    let jobs: Counter
    let durations: Histogram

    init() throws {
        jobs = try registry.counter("worker_jobs_total", help: "Jobs done.")
        durations = try registry.histogram("worker_job_seconds", help: "How long a job took.", unit: "seconds")
    }

    func run(_ job: () -> Void) {
        durations.observe(ContinuousClock().measure(job))
        jobs.increment()
    }

    var metrics: String { String(decoding: registry.render(.text004), as: UTF8.self) }
}
