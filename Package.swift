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

let package = Package(
    name: "agent-exporter",
    products: [
        .library(name: "AsyncHTTP", targets: ["AsyncHTTP"])
    ],
    targets: [
        .target(name: "CLinux"),
        .target(name: "AsyncHTTP", dependencies: ["CLinux"], swiftSettings: settings),
        .executableTarget(
            name: "echo-server",
            dependencies: ["AsyncHTTP"],
            path: "Benchmarks/EchoServer",
            swiftSettings: settings
        ),
        .testTarget(name: "AsyncHTTPTests", dependencies: ["AsyncHTTP"], swiftSettings: settings),
    ]
)
