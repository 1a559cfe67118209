// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
    name: "Strata",
    products: [
        .library(name: "Strata", targets: ["Strata"]),
        .library(name: "StrataVisualization", targets: ["StrataVisualization"]),
        .library(name: "StrataSearch", targets: ["StrataSearch"]),
        .library(name: "StrataGraph", targets: ["StrataGraph"]),
        .library(name: "StrataEngine", targets: ["StrataEngine"]),
        .library(name: "StrataKeras", type: .dynamic, targets: ["StrataKeras"]),
        .executable(name: "strata", targets: ["StrataCLI"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.11.0"),
    ],
    targets: [
        .systemLibrary(name: "COneDNN", providers: [.apt(["libdnnl-dev"])]),
        .systemLibrary(name: "CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(
            name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(
            name: "CImageCodecs", linkerSettings: [.linkedLibrary("jpeg"), .linkedLibrary("png")]),
        .target(name: "CKernels", linkerSettings: [.linkedLibrary("gomp")]),

        .target(name: "StrataGraph", swiftSettings: settings),
        .target(
            name: "StrataEngine", dependencies: ["StrataGraph", "COneDNN", "CKernels"],
            swiftSettings: settings),
        .target(name: "StrataONNX", dependencies: ["StrataGraph"], swiftSettings: settings),
        .target(
            name: "Strata",
            dependencies: [
                "StrataGraph", "StrataEngine", "StrataONNX", "CZip", "CZlib", "CCrypto",
                "CImageCodecs",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .target(name: "CStrataKeras"),
        .target(
            name: "StrataKeras",
            dependencies: ["StrataGraph", "StrataEngine", "StrataONNX", "CStrataKeras"],
            swiftSettings: settings),
        .target(
            name: "StrataVisualization", dependencies: ["Strata"], swiftSettings: settings),
        .target(
            name: "StrataSearch", dependencies: ["Strata", "StrataVisualization"],
            swiftSettings: settings),
        .executableTarget(
            name: "StrataCLI",
            dependencies: [
                "Strata", "StrataVisualization", "StrataSearch",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),

        // The reference implementations loop over single numbers, which takes minutes unoptimised.
        .target(
            name: "StrataTestSupport", dependencies: ["StrataGraph", "CReference"],
            path: "Tests/Support",
            swiftSettings: settings + [.unsafeFlags(["-O"], .when(configuration: .debug))]),
        .target(name: "CReference", path: "Tests/CReference"),
        .testTarget(
            name: "StrataGraphTests", dependencies: ["StrataGraph", "StrataTestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "StrataEngineTests",
            dependencies: ["StrataGraph", "StrataEngine", "CKernels", "StrataTestSupport"],
            swiftSettings: settings),
        .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
        .testTarget(
            name: "StrataTests",
            dependencies: [
                "Strata", "COneDNN", "StrataTestSupport", "CAllocationCounter",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "StrataVisualizationTests",
            dependencies: ["Strata", "StrataVisualization", "StrataTestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "StrataSearchTests",
            dependencies: ["Strata", "StrataVisualization", "StrataSearch", "StrataTestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "ParityTests", dependencies: ["Strata", "StrataTestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "StrataKerasTests",
            dependencies: ["StrataKeras", "CStrataKeras", "StrataGraph", "StrataTestSupport"],
            swiftSettings: settings),
        .testTarget(name: "StrataCLITests", dependencies: ["StrataCLI"], swiftSettings: settings),
    ]
)
