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

let package = Package(
    name: "agent-exporter",
    products: [
        .executable(name: "agent-exporter", targets: ["agent-exporter"]),
        .executable(name: "loadtest", targets: ["loadtest"]),
        .library(name: "AsyncHTTP", targets: ["AsyncHTTP"]),
        .library(name: "Cache", targets: ["Cache"]),
        .library(name: "Metrics", targets: ["Metrics"]),
    ],
    targets: [
        .target(name: "CLinux"),
        .target(name: "AsyncHTTP", dependencies: ["CLinux"], swiftSettings: settings),
        .executableTarget(
            name: "echo-server",
            dependencies: ["AsyncHTTP"],
            path: "Benchmarks/EchoServer",
            swiftSettings: settings,
            linkerSettings: programs
        ),
        .testTarget(name: "AsyncHTTPTests", dependencies: ["AsyncHTTP"], swiftSettings: settings),

        .target(name: "Cache", swiftSettings: settings),
        .testTarget(name: "CacheTests", dependencies: ["Cache"], swiftSettings: settings),

        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "Metrics", dependencies: ["CZlib"], swiftSettings: settings),
        .testTarget(name: "MetricsTests", dependencies: ["Metrics", "CZlib"], swiftSettings: settings),

        // What the programs of this package share: tables of flags, their values, and what is printed.
        .target(name: "Command", dependencies: ["AsyncHTTP", "CProcess"], swiftSettings: settings),
        .target(
            name: "Exporter",
            dependencies: ["AsyncHTTP", "Cache", "Command", "Metrics"],
            swiftSettings: settings
        ),
        // What is known before Swift runs; see CProcess.h.
        .target(name: "CProcess"),
        .executableTarget(
            name: "agent-exporter",
            dependencies: ["Exporter"],
            path: "Sources/AgentExporter",
            swiftSettings: settings,
            linkerSettings: programs
        ),
        .testTarget(
            name: "ExporterTests",
            dependencies: ["Exporter", "AsyncHTTP", "Cache", "Command", "Metrics"],
            swiftSettings: settings
        ),

        .target(
            name: "LoadTestKit",
            dependencies: ["AsyncHTTP", "CLinux", "Command", "CZlib"],
            path: "Benchmarks/LoadTestKit",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "loadtest",
            dependencies: ["LoadTestKit"],
            path: "Benchmarks/LoadTest",
            swiftSettings: settings,
            linkerSettings: programs
        ),
        .testTarget(
            name: "LoadTestTests",
            dependencies: ["LoadTestKit", "AsyncHTTP", "Command", "Metrics", "loadtest"],
            swiftSettings: settings
        ),

        .target(name: "CAllocationCounter", path: "Benchmarks/AllocationCounter"),
        .executableTarget(
            name: "micro-bench",
            dependencies: ["AsyncHTTP", "Cache", "Metrics", "CAllocationCounter"],
            path: "Benchmarks/Micro",
            swiftSettings: settings,
            linkerSettings: programs
        ),
    ]
)
