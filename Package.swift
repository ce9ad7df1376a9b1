// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// Programs carry Swift's runtime in themselves: calls into it need no detour through the dynamic linker's tables, which is
/// worth 3 % of a scrape, and there is nothing to install beside them.
let programs: [LinkerSetting] = [.unsafeFlags(["-static-stdlib"], .when(configuration: .release))]

/// A library and its tests. What it may import is what stands here: arrows point down this file's list.
func module(_ name: String, dependencies: [Target.Dependency] = [], path: String? = nil) -> Target {
    .target(name: name, dependencies: dependencies, path: path, swiftSettings: settings)
}

func program(_ name: String, dependencies: [Target.Dependency], path: String) -> Target {
    .executableTarget(
        name: name,
        dependencies: dependencies,
        path: path,
        swiftSettings: settings,
        linkerSettings: programs
    )
}

func tests(of name: String, dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: "\(name)Tests", dependencies: dependencies, swiftSettings: settings)
}

let package = Package(
    name: "agent-exporter",
    products: [
        .executable(name: "agent-exporter", targets: ["agent-exporter"]),
        .executable(name: "agent-hub", targets: ["agent-hub"]),
        .executable(name: "pipeline-worker", targets: ["pipeline-worker"]),
        .executable(name: "loadtest", targets: ["loadtest"]),
        .library(name: "AsyncHTTP", targets: ["AsyncHTTP"]),
        .library(name: "HTTPTestKit", targets: ["HTTPTestKit"]),
        .library(name: "Cache", targets: ["Cache"]),
        .library(name: "Telemetry", targets: ["Telemetry"]),
        .library(name: "Pipelines", targets: ["Pipelines"]),
        .library(name: "Reporting", targets: ["Reporting"]),
        .library(name: "TelemetryServer", targets: ["TelemetryServer"]),
    ],
    targets: [
        // C: what Swift's own modules do not carry, what is known before Swift runs, and what Debian has.
        .target(name: "CLinux"),
        .target(name: "CProcess"),
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "COpenSSL", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CYAML", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CCrypt", providers: [.apt(["libcrypt-dev"])]),
        .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CPostgres", providers: [.apt(["libpq-dev"])]),
        .target(name: "CPostgresStubs"),

        // The ground floor: each of these stands alone.
        module("AsyncHTTP", dependencies: ["CLinux"]),
        module("Cache"),
        module("JSON"),
        module("Flags"),
        module("Telemetry", dependencies: ["CZlib"]),
        module("Digests", dependencies: ["COpenSSL"]),
        module("YAML", dependencies: ["CYAML"]),
        module("SQLite", dependencies: ["CSQLite"]),

        // What pipelines do, counted.
        module("Pipelines", dependencies: ["Telemetry"]),
        // Who has sent a webhook.
        module("Webhooks", dependencies: ["Digests"]),
        module("WebhookChecks", dependencies: ["Digests", "Webhooks"]),

        // Servers, clients and handlers, tested without sockets.
        module("HTTPTestKit", dependencies: ["AsyncHTTP"]),

        // What tells a hub.
        module("Reporting", dependencies: ["AsyncHTTP", "Cache", "JSON", "Telemetry"]),

        // Encryption under servers and clients.
        module("TLS", dependencies: ["AsyncHTTP", "COpenSSL"]),

        // The database that several hubs share.
        module("Postgres", dependencies: ["AsyncHTTP", "CPostgres", "CPostgresStubs", "Flags"]),

        // Who may.
        module("Access", dependencies: ["AsyncHTTP", "CCrypt", "Digests", "TLS", "Telemetry", "YAML"]),

        // What programs share.
        module("TelemetryServer", dependencies: ["AsyncHTTP", "Cache", "Flags", "JSON", "Telemetry"]),
        module("Service", dependencies: ["AsyncHTTP", "CProcess", "Flags", "JSON"]),

        module(
            "Hosting",
            dependencies: [
                "Access", "AsyncHTTP", "Flags", "Reporting", "Service", "TLS", "Telemetry", "TelemetryServer",
            ]
        ),

        // The sidecar.
        module(
            "Exporter",
            dependencies: [
                "Access", "AsyncHTTP", "Cache", "Flags", "Hosting", "JSON", "Reporting", "Service", "TLS", "Telemetry",
                "TelemetryServer", "Webhooks",
            ]
        ),
        program("agent-exporter", dependencies: ["Exporter"], path: "Sources/Programs/agent-exporter"),

        // The hub.
        module(
            "Hub",
            dependencies: [
                "Access", "AsyncHTTP", "Cache", "Digests", "Flags", "Hosting", "JSON", "Postgres", "Reporting",
                "SQLite", "Service", "TLS", "Telemetry", "TelemetryServer",
            ]
        ),
        program("agent-hub", dependencies: ["Hub"], path: "Sources/Programs/agent-hub"),

        // The worked example of a worker.
        module(
            "PipelineWorker",
            dependencies: [
                "Access", "AsyncHTTP", "Cache", "Flags", "Hosting", "JSON", "Pipelines", "Reporting", "Service", "TLS",
                "Telemetry", "TelemetryServer", "WebhookChecks", "Webhooks",
            ]
        ),
        program("pipeline-worker", dependencies: ["PipelineWorker"], path: "Sources/Programs/pipeline-worker"),

        // To read, and to measure with.
        program("embedded", dependencies: ["Telemetry", "TelemetryServer"], path: "Examples/Embedded"),
        program(
            "worker",
            dependencies: ["AsyncHTTP", "Reporting", "Telemetry", "TelemetryServer"],
            path: "Examples/Worker"
        ),
        program("echo-server", dependencies: ["AsyncHTTP"], path: "Examples/EchoServer"),

        // What measures.
        module(
            "LoadTestKit",
            dependencies: ["AsyncHTTP", "CLinux", "CZlib", "Flags", "JSON", "Service", "TLS", "Telemetry"],
            path: "Benchmarks/LoadTestKit"
        ),
        program("loadtest", dependencies: ["LoadTestKit"], path: "Benchmarks/LoadTest"),
        .target(name: "CAllocationCounter", path: "Benchmarks/AllocationCounter"),
        program(
            "micro-bench",
            dependencies: [
                "AsyncHTTP", "Cache", "Hub", "Pipelines", "Reporting", "Telemetry", "TelemetryServer",
                "CAllocationCounter",
            ],
            path: "Benchmarks/Micro"
        ),
        program("postgres-bench", dependencies: ["AsyncHTTP", "Hub", "Postgres"], path: "Benchmarks/PostgresBench"),
        .executableTarget(
            name: "postgres-floor",
            path: "Benchmarks/PostgresFloor",
            linkerSettings: [.linkedLibrary("pq")]
        ),
        program("log-bench", dependencies: ["AsyncHTTP", "Hub"], path: "Benchmarks/LogBench"),
        .executableTarget(
            name: "log-floor",
            dependencies: ["CSQLite"],
            path: "Benchmarks/LogFloor",
            linkerSettings: [.linkedLibrary("sqlite3")]
        ),

        // What flags change.
        module("TestFlags", dependencies: ["Flags"], path: "Tests/TestFlags"),
        // A clock that tests move.
        module("TestClock", dependencies: ["AsyncHTTP"], path: "Tests/TestClock"),
        tests(of: "AsyncHTTP", dependencies: ["AsyncHTTP", "HTTPTestKit", "TestCertificates", "TLS"]),
        module("TestCertificates", dependencies: ["TLS"], path: "Tests/TestCertificates"),
        tests(of: "TLS", dependencies: ["TLS", "AsyncHTTP", "HTTPTestKit", "TestCertificates"]),
        tests(of: "HTTPTestKit", dependencies: ["HTTPTestKit", "AsyncHTTP"]),
        tests(of: "Cache", dependencies: ["Cache"]),
        tests(of: "JSON", dependencies: ["JSON"]),
        tests(of: "Flags", dependencies: ["Flags"]),
        // Readers of expositions that were not written here.
        module("TestExposition", dependencies: ["CZlib", "Telemetry"], path: "Tests/TestExposition"),
        tests(of: "Telemetry", dependencies: ["Telemetry", "TestExposition"]),
        tests(
            of: "PipelineWorker",
            dependencies: [
                "PipelineWorker", "Access", "AsyncHTTP", "Flags", "HTTPTestKit", "Hosting", "JSON", "Pipelines",
                "Service",
                "TLS", "Telemetry", "TelemetryServer", "TestClock", "TestFlags", "WebhookChecks", "Webhooks",
            ]
        ),
        tests(of: "Pipelines", dependencies: ["Pipelines", "AsyncHTTP", "Telemetry", "TestExposition"]),
        tests(of: "Digests", dependencies: ["Digests"]),
        tests(of: "YAML", dependencies: ["YAML"]),
        tests(of: "Webhooks", dependencies: ["Digests", "WebhookChecks", "Webhooks"]),
        tests(of: "SQLite", dependencies: ["SQLite"]),
        // A server that ends with the tests.
        module("TestPostgres", dependencies: ["Postgres"], path: "Tests/TestPostgres"),
        tests(of: "Postgres", dependencies: ["AsyncHTTP", "Postgres", "TestPostgres"]),
        tests(
            of: "Access",
            dependencies: [
                "Access", "AsyncHTTP", "Digests", "HTTPTestKit", "TLS", "Telemetry", "TestCertificates", "YAML",
            ]
        ),
        tests(
            of: "TelemetryServer",
            dependencies: [
                "TelemetryServer", "AsyncHTTP", "Flags", "HTTPTestKit", "JSON", "Telemetry", "TestClock",
            ]
        ),
        tests(
            of: "Reporting",
            dependencies: ["Reporting", "AsyncHTTP", "Cache", "JSON", "Telemetry", "TestClock", "TestExposition"]
        ),
        tests(of: "Service", dependencies: ["Service", "AsyncHTTP", "Flags", "JSON"]),
        tests(of: "Hosting", dependencies: ["Hosting", "AsyncHTTP", "TelemetryServer"]),
        tests(
            of: "Exporter",
            dependencies: [
                "Exporter", "AsyncHTTP", "Cache", "Flags", "HTTPTestKit", "Hosting", "JSON", "Service", "TLS",
                "Telemetry",
                "TelemetryServer", "TestClock", "TestFlags", "WebhookChecks", "Webhooks",
            ]
        ),
        tests(
            of: "Hub",
            dependencies: [
                "Hub", "Access", "AsyncHTTP", "Digests", "Flags", "JSON", "Reporting", "SQLite", "Service", "Telemetry",
                "TelemetryServer", "TestClock",
                "Cache", "Hosting", "Postgres", "TLS", "TestExposition", "TestFlags", "TestPostgres",
            ]
        ),
        tests(
            of: "LoadTest",
            dependencies: [
                "LoadTestKit", "AsyncHTTP", "Flags", "JSON", "Service", "TLS", "Telemetry", "TestCertificates",
                "loadtest",
            ]
        ),
    ]
)
