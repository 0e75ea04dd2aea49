// swift-tools-version: 6.1
import PackageDescription

/// Applied to every Swift target: the compiler keeps the rules of the house.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

func room(
    _ name: String,
    _ dependencies: [Target.Dependency] = [],
    resources: [Resource] = []
) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

/// Golden data is read where it lies, beside the tests, so it is no resource.
func tests(_ name: String, _ dependencies: [Target.Dependency], data: [String] = []) -> Target {
    .testTarget(
        name: name,
        dependencies: dependencies + ["SpeechTesting"],
        exclude: data,
        swiftSettings: strict
    )
}

func example(_ name: String) -> Target {
    .executableTarget(
        name: "example-\(name)",
        dependencies: ["RKVoice"],
        path: "Examples/\(name)",
        swiftSettings: strict
    )
}

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "rkvoice",
    products: [
        .library(name: "RKVoice", targets: ["RKVoice"]),
        .executable(name: "rkvoice", targets: ["CommandLineTool"]),
        .executable(name: "rkvoice-espeak", targets: ["EspeakProcess"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-crypto", "3.0.0"..<"5.0.0"),
    ],
    targets: [
        // The vocabulary and the mathematics: no I/O, no vendors.
        room("Speech"),
        room("SpeechSignal", ["CSndfile", "CSoxr"]),
        room("SpeechText"),
        room("Inference"),
        // The only rooms that know what is outside the process.
        .target(name: "CRuntimes"),
        room("Runtimes", ["Inference", "CRuntimes", "SpeechText"]),
        // One folder per model family.
        room("SpeechModels", ["Speech", "SpeechSignal", "SpeechText", "Inference"]),
        // Models on disk: the catalog, downloads, preparation.
        .target(
            name: "ModelPrep",
            path: "ModelPrep",
            exclude: [
                "README.md", "requirements-oracle.txt", "testset", "tiny", "signal",
                "piper/README.md", "piper/golden.py", "piper/sentences.txt",
                "whisper/README.md", "whisper/golden.py", "whisper/whisper_oracle.py",
            ],
            sources: ["ModelPrep.swift"],
            // Embedded by file name alone, so each name is used once.
            resources: [
                "requirements.txt",
                "common/onnx_stream.py", "common/preparation.py",
                "piper/onnx_surgery.py", "piper/split.py", "piper/vits_parts.py",
                "whisper/convert.py", "whisper/ct2_model.py", "whisper/onnx_graph.py",
                "whisper/whisper_graphs.py", "whisper/whisper_tokens.py",
            ].map { .embedInCode($0) },
            swiftSettings: strict
        ),
        room(
            "ModelStore",
            ["ModelPrep", crypto],
            resources: [.embedInCode("Resources/catalog.json"), .embedInCode("Resources/unpack.py")]
        ),
        // The library product: the one room that sees everything.
        room(
            "RKVoice",
            ["Speech", "SpeechSignal", "SpeechText", "Inference", "Runtimes", "SpeechModels", "ModelStore"]
        ),
        .executableTarget(
            name: "CommandLineTool",
            dependencies: [
                "RKVoice", "Speech", "SpeechSignal", "SpeechText", "Inference", "SpeechModels", "ModelStore", arguments,
            ],
            swiftSettings: strict
        ),
        // GPL-3.0 (see its LICENSE): linked to espeak-ng, spoken to over pipes, never linked into rkvoice.
        .executableTarget(name: "EspeakProcess", dependencies: ["CEspeak"], exclude: ["LICENSE", "README.md"]),
        .systemLibrary(name: "CEspeak", pkgConfig: "espeak-ng", providers: [.apt(["libespeak-ng-dev"])]),
        .systemLibrary(name: "CSndfile", pkgConfig: "sndfile", providers: [.apt(["libsndfile1-dev"])]),
        .systemLibrary(name: "CSoxr", pkgConfig: "soxr", providers: [.apt(["libsoxr-dev"])]),
        // The code of the library's first page: built and run by its test, no products.
        example("say"),
        example("transcribe-file"),
        room("SpeechTesting", ["Speech", "Inference"]),
        tests("SpeechSignalTests", ["SpeechSignal"], data: ["Fixtures"]),
        tests("RuntimesTests", ["Runtimes", "RKVoice", "Inference", "SpeechText"], data: ["Fixtures"]),
        tests(
            "ParityTests",
            ["RKVoice", "SpeechModels", "SpeechSignal", "Speech", "Inference"],
            data: ["Fixtures", "clips-catalog.json"]
        ),
        tests("InferenceTests", ["Inference"]),
        tests("SpeechTests", ["Speech"]),
        tests("SpeechModelsTests", ["SpeechModels", "SpeechText", "Speech", "Inference"]),
        tests("RKVoiceTests", ["RKVoice", "Inference"]),
        tests("SpeechTextTests", ["SpeechText"], data: ["Fixtures"]),
        tests("ModelStoreTests", ["ModelStore", "RKVoice", "CommandLineTool", crypto], data: ["Fixtures"]),
    ]
)
