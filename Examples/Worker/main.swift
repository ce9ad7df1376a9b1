import AsyncHTTP
import Glibc
import Reporting
import Telemetry
import TelemetryServer

let arguments = CommandLine.arguments.dropFirst()
let registry = Registry()
let completed = try registry.counter("app_completed_tasks_total", help: "Tasks that were finished.")
let failed = try registry.counter("app_failed_tasks_total", help: "Tasks that came to nothing.")
let active = try registry.gauge("noetl_worker_active_tasks", help: "Tasks that are under way.")
let duration = try registry.histogram("app_task_duration_seconds", help: "How long each took.", buckets: .longDurations)
let metrics = try MetricsServer.start(registry, on: arguments.first ?? ":9100")
let hub = try HubURL(arguments.dropFirst().first ?? "http://localhost:8082")
let worker = ReportConfiguration(name: "sums", type: "worker_pool")
let reporting = try ReportClient.start(worker, to: hub, source: registry.gather)

// Asked to end, it reports once more.
try BackgroundLoop.onSignals([.terminate]) { _ in
    reporting.stop()
    exit(0)
}

// The work: a task is a line of numbers, whose sum it prints. One that has something else in it fails.
while let line = readLine() {
    active.increment()
    let sum = duration.time { line.split(separator: " ").reduce(0.0) { $0 + (Double($1) ?? .nan) } }
    active.decrement()
    if sum.isNaN {
        failed.increment()
    } else {
        completed.increment()
        print(sum)
    }
}

reporting.stop()
metrics.stop()
