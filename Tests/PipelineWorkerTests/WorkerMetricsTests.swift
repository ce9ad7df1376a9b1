import Hosting
import JSON
import Pipelines
import Reporting
import Telemetry
import TelemetryServer
import Testing

@testable import PipelineWorker

@Suite("What a worker exports")
struct WorkerMetricsTests {
    private func names(_ change: (inout KamonConfiguration) -> Void) throws -> Set<String> {
        var configuration = KamonConfiguration()
        change(&configuration)
        let metrics = try WorkerMetrics(configuration, BatchQueue(capacity: 1), cores: 2)
        metrics.meter?.recordBatchProcessed(pipelineId: "p", successCount: 1, failureCount: 0, processingTimeMs: 1)
        return Set(metrics.own.gather().map { $0.descriptor.name })
    }

    @Test(
        "a group that is switched off is not there, and the others are",
        arguments: [
            (MetricsGroup.pipelines, "dataflow_batches_processed"), (.tasks, "app_completed_tasks"),
            (.mailbox, "pipeline_worker_mailbox_depth"), (.process, "process_threads"),
        ]
    )
    func groups(group: MetricsGroup, name: String) throws {
        let all = try names { _ in }
        #expect(all.contains(name))
        let left = try names { $0.disabled = [group] }
        #expect(!left.contains(name) && left.count < all.count)
        #expect(MetricsGroup.allCases.count == 4)
    }

    @Test("families go by their names, and all of them when nothing is recorded")
    func dropped() throws {
        let left = try names { $0.dropped = [NamePattern("dataflow_*"), NamePattern("app_completed_tasks_total")] }
        #expect(!left.contains { $0.hasPrefix("dataflow_") } && !left.contains("app_completed_tasks"))
        #expect(left.contains("app_failed_tasks"))
        #expect(try names { $0.isEnabled = false }.isEmpty)
    }

    @Test("tasks are counted for a hub also where they are not exported")
    func counted() throws {
        var configuration = KamonConfiguration()
        configuration.isEnabled = false
        let metrics = try WorkerMetrics(configuration, BatchQueue(capacity: 1), cores: 2)
        metrics.tasks.completed.increment()
        let families = try WorkerFamilies().families(
            SystemReader().read(),
            active: 2,
            waiting: 3,
            completed: metrics.tasks.completed.value
        )
        let values = families.compactMap { family -> (String, Double)? in
            guard case .number(let value)? = family.samples.first?.value else { return nil }
            return (family.descriptor.name, value)
        }
        #expect(values.contains { $0 == ("noetl_worker_active_tasks", 2) })
        #expect(values.contains { $0 == ("noetl_worker_queue_size", 3) })
        #expect(values.contains { $0 == ("noetl_worker_tasks_completed", 1) })
        for name in ["noetl_process_memory_rss_bytes", "noetl_system_memory_usage_percent"] {
            #expect(values.contains { $0.0 == name && $0.1 > 0 }, "\(name)")
        }
    }

    @Test("a worker of a pool reports at each heartbeat, a lone one seldom")
    func pace() {
        var configuration = HubReportConfiguration()
        #expect(configuration.pace == .seconds(60))
        configuration.pool = "worker-gpu"
        #expect(configuration.pace == .seconds(15))
    }

    @Test("a time that has no effect is told")
    func remarks() {
        let given: (String) -> String? = { "--\($0)" }
        var configuration = HubReportConfiguration()
        #expect(configuration.remark(source: given) == nil, "it reports to nobody")
        configuration.hub = .local
        #expect(configuration.remark(source: given)?.hasPrefix("--report.heartbeat-interval is for") == true)
        configuration.pool = "a"
        #expect(configuration.remark(source: given)?.hasPrefix("--report.interval is for") == true)
        #expect(configuration.remark { _ in nil } == nil)
    }

    @Test("as an agent it says what it does")
    func actuator() {
        let info = ActuatorInfo(isEnding: { true }, tasks: { 3 }, requests: { 2 }, sessions: { 5 })
        guard case .object(let members) = info.document else { return #expect(Bool(false)) }
        let found = Dictionary(uniqueKeysWithValues: members.map { ($0.name, $0.value) })
        #expect(found["agentStatus"] == "PENDING_SHUTDOWN" && found["activeTaskCount"] == 3)
        #expect(found["activeRequestCount"] == 2 && found["openSessionsCount"] == 5)
        let running = ActuatorInfo(isEnding: { false }, tasks: { 0 }, requests: { 0 }, sessions: { 0 }).document
        guard case .object(let members) = running else { return #expect(Bool(false)) }
        #expect(members.contains(JSONValue.Member("agentStatus", "RUNNING")))
    }
}

@Suite("The status page of a worker")
struct StatusPageTests {
    private func document(_ state: String = "running") throws -> StatusDocument {
        let registry = Registry()
        try registry.counter("jobs_total", help: "Jobs <b>done</b>.", labels: ["kind"]).with("a").increment(by: 2)
        try registry.histogram("job_seconds", help: "x", unit: "seconds", buckets: Buckets([1])).observe(0.5)
        return StatusDocument(
            service: "<service>",
            version: "1",
            settings: [StatusDocument.Setting(name: "--a", value: "<secret>", source: "A")],
            modules: [StatusDocument.Module(name: "tasks", purpose: "p", isEnabled: false)],
            instruments: registry.gather().map(StatusDocument.Instrument.init),
            health: StatusDocument.Health(state: state, pipelineState: "running", waiting: 3, active: 4)
        )
    }

    @Test("says of each instrument its type, unit, series and value")
    func instruments() throws {
        let found = try document().instruments
        #expect(found.map(\.name) == ["jobs_total", "job_seconds"])
        #expect(found.map(\.kind) == ["counter", "histogram"])
        #expect(found.map(\.unit) == [nil, "seconds"])
        #expect(found.map(\.series) == [1, 4] && found.map(\.value) == [2, 1])
    }

    @Test("is the same in JSON and for people, who see texts and never tags")
    func page() throws {
        let html = StatusPage.html(try document())
        #expect(html.contains("&lt;service&gt;") && !html.contains("<service>") && !html.contains("<secret>"))
        for text in ["jobs_total", "job_seconds", "--a", "3 batches wait, 4 are under way", "off"] {
            #expect(html.contains(text), "\(text)")
        }
        let text = String(decoding: try document("ending").json.bytes, as: UTF8.self)
        for part in [
            #""service":"<service>""#, #""name":"jobs_total""#, #""value":2"#, #""ending""#, #""batches_waiting":3"#,
        ] {
            #expect(text.contains(part), "\(part) in \(text)")
        }
    }
}
