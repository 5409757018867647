// swift-tools-version: 6.1
import PackageDescription

// Settings shared by every Swift target: the Swift 6 language mode makes data races compile errors,
// and existential types are spelled out so that dynamic dispatch is never an accident.
let swift: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
]

// Targets depend on the targets below them only; Docs/ARCHITECTURE.md draws the house.
let package = Package(
    name: "topsail",
    products: [
        .executable(name: "topsail", targets: ["topsail"]),
        .executable(name: "topsail-bench", targets: ["topsail-bench"]),
    ],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.0.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.1.0"),
    ],
    targets: [
        // MARK: Executables
        .executableTarget(
            name: "topsail",
            dependencies: [
                "TopsailUI", "TerminalCurses", "TerminalKit", "TopsailEngine", "TopsailPipeline", "TopsailAnalysis",
                "TopsailCatalog", "TopsailModel", "TopsailSAE", "TopsailTokenizer", "TopsailFiles", "TopsailTensor",
                "TopsailCore", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: swift),
        .executableTarget(
            name: "topsail-bench",
            dependencies: [
                "TopsailUI", "TerminalKit", "TopsailEngine", "TopsailPipeline", "TopsailAnalysis", "TopsailCatalog",
                "TopsailModel", "TopsailSAE", "TopsailTokenizer", "TopsailFiles", "TopsailTensor", "TopsailCore",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: swift),

        // MARK: Screen
        .target(
            name: "TopsailUI", dependencies: ["TopsailEngine", "TerminalKit", "TopsailCatalog", "TopsailCore"],
            swiftSettings: swift),
        .target(name: "TerminalCurses", dependencies: ["TerminalKit", "CNcurses"], swiftSettings: swift),
        .target(name: "TerminalKit", swiftSettings: swift),
        .target(
            name: "CNcurses",
            cSettings: [.define("NCURSES_WIDECHAR", to: "1"), .define("_XOPEN_SOURCE_EXTENDED", to: "1")],
            linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),

        // MARK: The one door, and what stands behind it
        .target(
            name: "TopsailEngine",
            dependencies: [
                "TopsailPipeline", "TopsailAnalysis", "TopsailCatalog", "TopsailModel", "TopsailSAE",
                "TopsailTokenizer",
                "TopsailFiles", "TopsailTensor", "TopsailCore",
            ],
            swiftSettings: swift),
        .target(
            name: "TopsailPipeline",
            dependencies: [
                "TopsailAnalysis", "TopsailCatalog", "TopsailModel", "TopsailSAE", "TopsailTokenizer", "TopsailFiles",
                "TopsailTensor", "TopsailCore",
            ],
            swiftSettings: swift),
        .target(
            name: "TopsailAnalysis",
            dependencies: [
                "TopsailModel", "TopsailSAE", "TopsailTokenizer", "TopsailFiles", "TopsailTensor", "TopsailCore",
            ],
            swiftSettings: swift),
        .target(
            name: "TopsailCatalog",
            dependencies: [
                "TopsailFiles", "TopsailTensor", "TopsailCore", .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: swift),

        // MARK: Models and SAEs
        .target(
            name: "TopsailModel",
            dependencies: ["TopsailTokenizer", "TopsailFiles", "TopsailTensor", "TopsailCore"],
            swiftSettings: swift),
        .target(
            name: "TopsailSAE", dependencies: ["TopsailFiles", "TopsailTensor", "TopsailCore"], swiftSettings: swift),
        .target(
            name: "TopsailTokenizer", dependencies: ["TopsailFiles", "TopsailCore"], swiftSettings: swift),
        .target(
            name: "TopsailFiles", dependencies: ["TopsailTensor", "TopsailCore", "CZlib"], swiftSettings: swift),
        .target(
            name: "TopsailTensor", dependencies: ["COpenBLAS", "CKernels", "TopsailCore"], swiftSettings: swift),
        .target(name: "CKernels"),
        .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "TopsailCore", swiftSettings: swift),

        // MARK: Tests
        .target(
            name: "TopsailTestSupport", dependencies: ["TopsailFiles", "TopsailTensor", "TopsailCore"],
            path: "Sources/TopsailTestSupport", swiftSettings: swift),
        .testTarget(
            name: "TopsailCoreTests", dependencies: ["TopsailCore"], swiftSettings: swift),
        .testTarget(
            name: "TopsailTensorTests",
            dependencies: ["TopsailTensor", "TopsailFiles", "CKernels", "TopsailTestSupport"],
            swiftSettings: swift),
        .testTarget(
            name: "TopsailFilesTests", dependencies: ["TopsailFiles", "TopsailTensor", "TopsailTestSupport"],
            swiftSettings: swift),
        .testTarget(
            name: "TopsailTokenizerTests", dependencies: ["TopsailTokenizer", "TopsailFiles", "TopsailTestSupport"],
            swiftSettings: swift),
        .testTarget(
            name: "TopsailModelTests", dependencies: ["TopsailModel", "TopsailFiles", "TopsailTestSupport"],
            swiftSettings: swift),
        .testTarget(
            name: "TopsailSAETests", dependencies: ["TopsailSAE", "TopsailFiles", "TopsailTestSupport"],
            swiftSettings: swift),
        .testTarget(
            name: "TopsailCatalogTests",
            dependencies: ["TopsailCatalog", "TopsailFiles", "TopsailCore", "TopsailTestSupport"], swiftSettings: swift),
        .testTarget(
            name: "TopsailPipelineTests",
            dependencies: ["TopsailPipeline", "TopsailAnalysis", "TopsailEngine", "TopsailTestSupport"],
            swiftSettings: swift),
        .testTarget(
            name: "TerminalKitTests", dependencies: ["TerminalKit", "TerminalCurses"], swiftSettings: swift),
        .testTarget(
            name: "TopsailUITests",
            dependencies: ["TopsailUI", "TerminalKit", "TopsailEngine", "TopsailCatalog", "TopsailCore"],
            exclude: ["Golden"],
            swiftSettings: swift),
        .testTarget(
            name: "CommandLineTests",
            dependencies: ["TopsailCatalog", "TopsailFiles", "TopsailCore", "TopsailTestSupport"],
            swiftSettings: swift),
    ]
)
