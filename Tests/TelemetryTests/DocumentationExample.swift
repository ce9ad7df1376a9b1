// The first example of docs/telemetry.md, word for word: a test compares the two.
import Telemetry

enum WorkerState: String, CaseIterable {
    case idle, busy
}

struct Worker {
    let registry = Registry()
    let jobs: Counter
    let durations: Histogram
    let state: StateSet<WorkerState>

    init() throws {
        jobs = try registry.counter("worker_jobs_total", help: "Jobs done.")
        durations = try registry.histogram("worker_job_seconds", help: "How long a job took.", unit: "seconds")
        state = try registry.stateSet("worker_state", help: "What it does.", initial: WorkerState.idle)
    }

    func run(_ job: () -> Void) {
        state.set(to: .busy)
        durations.time(job)
        jobs.increment()
        state.set(to: .idle)
    }

    var metrics: String { String(decoding: registry.render(.text004), as: UTF8.self) }
}
