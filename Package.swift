// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// A product that only the server needs.
func server(_ name: String, _ package: String) -> Target.Dependency {
    .product(name: name, package: package, condition: .when(traits: ["Server"]))
}

let package = Package(
    name: "Strata",
    products: [
        .library(name: "Strata", targets: ["Strata"]),
        .library(name: "StrataVisualization", targets: ["StrataVisualization"]),
        .library(name: "StrataSearch", targets: ["StrataSearch"]),
        .library(name: "StrataGraph", targets: ["StrataGraph"]),
        .library(name: "StrataEngine", targets: ["StrataEngine"]),
        .library(name: "StrataServer", targets: ["StrataServer"]),
        .library(name: "StrataStudio", targets: ["StrataStudio"]),
        .library(name: "StrataMPI", targets: ["StrataMPI"]),
        .library(name: "StrataKeras", type: .dynamic, targets: ["StrataKeras"]),
        .executable(name: "strata", targets: ["StrataCLI"]),
    ],
    traits: [
        .trait(
            name: "Server",
            description:
                "The server: StrataServer, and strata serve. Without it, none of its packages is resolved."
        ),
        .trait(
            name: "MPI",
            description: "Ranks by MPI: StrataMPI, and strata train under mpirun."),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.11.0"),
        // Of the trait Server alone.
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.9.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.34.0"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.2"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/grpc/grpc-swift-2", from: "2.4.0"),
        .package(url: "https://github.com/grpc/grpc-swift-nio-transport", from: "2.9.0"),
        .package(url: "https://github.com/grpc/grpc-swift-protobuf", from: "2.4.0"),
        .package(
            url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "COneDNN", providers: [.apt(["libdnnl-dev"])]),
        .systemLibrary(name: "CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(
            name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(
            name: "CImageCodecs", linkerSettings: [.linkedLibrary("jpeg"), .linkedLibrary("png")]),
        // Of the trait MPI alone: Debian has one such file for each MPI, and mpi-c is the default one's.
        .systemLibrary(
            name: "CMPILibrary", pkgConfig: "mpi-c", providers: [.apt(["libopenmpi-dev"])]),
        .target(
            name: "CMPI",
            dependencies: [.target(name: "CMPILibrary", condition: .when(traits: ["MPI"]))],
            cSettings: [.define("STRATA_MPI", .when(traits: ["MPI"]))]),
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
            name: "StrataMPI", dependencies: ["Strata", "StrataGraph", "CMPI"],
            swiftSettings: settings),
        .target(
            name: "StrataVisualization", dependencies: ["Strata"], swiftSettings: settings),
        .target(
            name: "StrataSearch", dependencies: ["Strata", "StrataVisualization"],
            swiftSettings: settings),
        .target(
            name: "StrataServer",
            dependencies: [
                "Strata",
                .product(name: "Logging", package: "swift-log"),
                server("GRPCCore", "grpc-swift-2"),
                server("GRPCNIOTransportHTTP2Posix", "grpc-swift-nio-transport"),
                server("GRPCProtobuf", "grpc-swift-protobuf"),
                server("HTTPTypes", "swift-http-types"),
                server("Hummingbird", "hummingbird"),
                server("HummingbirdCore", "hummingbird"),
                server("HummingbirdTLS", "hummingbird"),
                server("Metrics", "swift-metrics"),
                server("NIOCore", "swift-nio"),
                server("NIOHPACK", "swift-nio-http2"),
                server("NIOHTTP1", "swift-nio"),
                server("NIOHTTP2", "swift-nio-http2"),
                server("NIOHTTPTypes", "swift-nio-extras"),
                server("NIOHTTPTypesHTTP1", "swift-nio-extras"),
                server("NIOPosix", "swift-nio"),
                server("NIOSSL", "swift-nio-ssl"),
                server("ServiceLifecycle", "swift-service-lifecycle"),
                server("SwiftProtobuf", "swift-protobuf"),
                server("UnixSignals", "swift-service-lifecycle"),
            ],
            exclude: ["GRPC/open_inference_grpc.proto", "GRPC/grpc_health.proto"],
            swiftSettings: settings),
        .target(name: "CStudioPage"),
        .target(
            name: "StrataStudio",
            dependencies: [
                "Strata", "StrataServer", "StrataVisualization", "CStudioPage",
                .product(name: "Logging", package: "swift-log"),
                server("HTTPTypes", "swift-http-types"),
                server("Hummingbird", "hummingbird"),
                server("NIOCore", "swift-nio"),
                server("ServiceLifecycle", "swift-service-lifecycle"),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "StrataCLI",
            dependencies: [
                "Strata", "StrataVisualization", "StrataSearch",
                .target(name: "StrataMPI", condition: .when(traits: ["MPI"])),
                .target(name: "StrataServer", condition: .when(traits: ["Server"])),
                .target(name: "StrataStudio", condition: .when(traits: ["Server"])),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),

        // The reference implementations loop over single numbers, which takes minutes unoptimised.
        .target(
            name: "StrataTestSupport",
            dependencies: ["StrataGraph", "CReference", "CFileFaults", "CSanitizer"],
            path: "Tests/Support",
            swiftSettings: settings + [.unsafeFlags(["-O"], .when(configuration: .debug))]),
        .target(name: "CReference", path: "Tests/CReference"),
        .target(name: "CFileFaults", path: "Tests/CFileFaults"),
        .target(name: "CSanitizer", path: "Tests/CSanitizer"),
        .testTarget(
            name: "StrataGraphTests", dependencies: ["StrataGraph", "StrataTestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "StrataEngineTests",
            dependencies: [
                "StrataGraph", "StrataEngine", "CKernels", "StrataTestSupport",
                "CAllocationCounter",
            ],
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
        .testTarget(
            name: "StrataMPITests", dependencies: ["Strata", "StrataGraph", "StrataMPI"],
            swiftSettings: settings),
        // What scripts/test-mpi runs under mpirun.
        .executableTarget(
            name: "MPIRanks", dependencies: ["Strata", "StrataGraph", "StrataMPI"],
            path: "Tests/MPIRanks",
            swiftSettings: settings + [.unsafeFlags(["-O"], .when(configuration: .debug))]),
        .testTarget(
            name: "StrataServerTests",
            dependencies: [
                "Strata", "StrataServer", "StrataTestSupport",
                server("GRPCCore", "grpc-swift-2"),
                server("HTTPTypes", "swift-http-types"),
                server("Hummingbird", "hummingbird"),
                server("HummingbirdTesting", "hummingbird"),
                server("Metrics", "swift-metrics"),
                server("NIOCore", "swift-nio"),
                server("SwiftProtobuf", "swift-protobuf"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "StrataStudioTests",
            dependencies: [
                "Strata", "StrataServer", "StrataStudio", "StrataVisualization",
                "StrataTestSupport",
                server("HTTPTypes", "swift-http-types"),
                server("Hummingbird", "hummingbird"),
                server("HummingbirdTesting", "hummingbird"),
                server("NIOCore", "swift-nio"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "StrataCLITests", dependencies: ["StrataCLI", "StrataTestSupport"],
            swiftSettings: settings),
    ]
)
