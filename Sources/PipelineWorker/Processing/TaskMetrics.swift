import Telemetry

/// What became of batches, by the names that dashboards of agents have for tasks.
struct TaskMetrics: Sendable {
    let completed: Counter
    let failed: Counter
    let errors: Counter
    let duration: Histogram

    init(in registry: Registry) throws(MetricsError) {
        completed = try registry.counter("app_completed_tasks_total", help: "Tasks that were finished.")
        failed = try registry.counter(
            "app_failed_tasks_total",
            help: "Tasks that came to nothing, after all attempts."
        )
        errors = try registry.counter(
            "app_task_errors_total",
            help: "Attempts that failed or took too long, also of tasks that were finished later."
        )
        duration = try registry.histogram(
            "app_task_duration_seconds",
            help: "From the first attempt to the end of a task, waits between attempts included.",
            unit: "seconds",
            buckets: .longDurations
        )
    }
}
