import Hub

/// What a report costs the hub, without the request that brings it.
func hubBenchmarks() throws -> [Benchmark] {
    let decoder = ReportDecoder()
    let body = reportBody(of: "worker-cpu-01")
    return [
        Benchmark("decode a report of 5 metrics (\(body.count) bytes)") {
            blackHole(try decoder.decode(body, arrived: 1_700_000_000_000))
        }
    ]
}

/// What a worker's library sends: five metrics with labels, help and unit.
private func reportBody(of component: String) -> [UInt8] {
    let metrics = [
        ("noetl_system_cpu_usage_percent", "45.2", "CPU usage percentage", "percent"),
        ("noetl_system_memory_usage_percent", "61.75", "Memory usage percentage", "percent"),
        ("noetl_process_memory_rss_bytes", "183500800", "Resident set size of the process", "bytes"),
        ("noetl_worker_active_tasks", "7", "Tasks under way", "tasks"),
        ("noetl_worker_queue_size", "12", "Tasks waiting", "tasks"),
    ].map { name, value, help, unit in
        """
        {"metric_name": "\(name)", "metric_type": "gauge", "metric_value": \(value), \
        "timestamp": "2024-01-01T12:00:00.123456Z", "labels": {"component": "\(component)", "hostname": "node-1"}, \
        "help_text": "\(help)", "unit": "\(unit)"}
        """
    }.joined(separator: ", ")
    return Array(#"{"component_name": "\#(component)", "component_type": "worker_pool", "metrics": [\#(metrics)]}"#.utf8)
}
