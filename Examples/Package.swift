// swift-tools-version: 6.2
import PackageDescription

// A package of its own, which sees of Strata what any user sees.
let package = Package(
    name: "Examples",
    dependencies: [.package(name: "Strata", path: "..")],
    targets: [
        "accuracy", "decoding", "mixing", "own-parts", "signal", "two-optimizers", "volume",
        "waiting",
    ].map { name in
        .executableTarget(
            name: name, dependencies: [.product(name: "Strata", package: "Strata")])
    } + [
        .executableTarget(
            name: "search",
            dependencies: [
                .product(name: "Strata", package: "Strata"),
                .product(name: "StrataSearch", package: "Strata"),
            ])
    ]
)
