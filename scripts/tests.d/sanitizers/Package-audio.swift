// swift-tools-version: 6.1
// SpeechSignal and its tests alone: the whole package takes much longer to build.
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
    name: "rkvoice",
    targets: [
        .systemLibrary(name: "CSndfile", pkgConfig: "sndfile"),
        .systemLibrary(name: "CSoxr", pkgConfig: "soxr"),
        .target(name: "SpeechSignal", dependencies: ["CSndfile", "CSoxr"], swiftSettings: strict),
        .target(
            name: "SanitizerSupport",
            path: "support",
            publicHeadersPath: ".",
            linkerSettings: [.linkedLibrary("dl")]
        ),
        .testTarget(
            name: "SpeechSignalTests",
            dependencies: ["SpeechSignal", "SanitizerSupport"],
            exclude: ["Fixtures"],
            swiftSettings: strict
        ),
    ],
    swiftLanguageModes: [.v6]
)
