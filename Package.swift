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

/// Golden data is read where it lies, beside the tests, so it is no resource. Tests are not optimized: what they test is, and
/// they run as fast and build in 113 s in place of 161.
func tests(_ name: String, _ dependencies: [Target.Dependency], data: [String] = []) -> Target {
    .testTarget(
        name: name,
        dependencies: dependencies + ["SpeechTesting"],
        exclude: data,
        swiftSettings: strict + [.unsafeFlags(["-Onone"])]
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
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTesting = Target.Dependency.product(name: "HummingbirdTesting", package: "hummingbird")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioWebSocket = Target.Dependency.product(name: "NIOWebSocket", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let nioHTTPTypesHTTP1 = Target.Dependency.product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras")

/// Profiles of `configs/`, by name.
let shippedProfiles = [
    "rk1828-gemma4", "rk1828-qwen3-tts", "rk3576-asr-only", "rk3576-full", "rk3576-moss-hybrid-rknn-stream",
    "rk3576-moss-ort-stream", "rk3576-moss-rknn-stream", "rk3576-paraformer-matcha", "rk3576-piper-multilang",
    "rk3576-qwen3-rknn-stream", "rk3576-tts-only", "rk3588-full", "rk3588-kokoro-rknn", "rk3588-paraformer-matcha",
]

/// The page at `/`.
let pageFiles = [
    "page.html", "page.css", "icon.svg", "page.js", "page-parts.js", "wire.js", "listen.js", "microphone.js",
    "recorder.js", "speak.js", "player.js", "waveform.js", "talk.js", "conversation.js", "status.js",
]

let package = Package(
    name: "rkvoice",
    products: [
        .library(name: "RKVoice", targets: ["RKVoice"]),
        .executable(name: "rkvoice", targets: ["CommandLineTool"]),
        .executable(name: "rkvoice-espeak", targets: ["EspeakProcess"]),
        // Opened by path, and only where --simulate asks for it.
        .library(name: "rknnrt-sim", type: .dynamic, targets: ["RKNNSimulator"]),
        .library(name: "rkllmrt-sim", type: .dynamic, targets: ["RKLLMSimulator"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-crypto", "3.0.0"..<"5.0.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.9.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.34.1"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.30.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.8.0"),
    ],
    targets: [
        // The vocabulary and the mathematics: no I/O, no vendors.
        room("Speech"),
        room("SpeechSignal", ["CSndfile", "CSoxr"]),
        room("SpeechText"),
        room("Inference"),
        // The only rooms that know what is outside the process.
        .target(name: "CRuntimes"),
        // Stands in for librknnrt.so on a machine without an NPU: plain C, linked into nothing.
        .target(
            name: "RKNNSimulator",
            path: "Simulator",
            exclude: ["test", "rkllm"],
            cSettings: [.headerSearchPath("../Sources/CRuntimes/include")],
            linkerSettings: [.linkedLibrary("dl"), .linkedLibrary("m"), .linkedLibrary("pthread")]
        ),
        // The same for librkllmrt.so, in every generation of it.
        .target(
            name: "RKLLMSimulator",
            path: "Simulator/rkllm",
            exclude: ["test"],
            cSettings: [
                .headerSearchPath(".."), .headerSearchPath("../include"),
                .headerSearchPath("../../Sources/CRuntimes/include"),
            ],
            linkerSettings: [.linkedLibrary("dl"), .linkedLibrary("m"), .linkedLibrary("pthread")]
        ),
        room("Runtimes", ["Inference", "CRuntimes", "SpeechText"]),
        // One folder per model family.
        room("SpeechModels", ["Speech", "SpeechSignal", "SpeechText", "Inference", "CZlib"]),
        // Models on disk: the catalog, downloads, preparation.
        .target(
            name: "ModelPrep",
            path: "ModelPrep",
            exclude: [
                "README.md", "requirements-oracle.txt", "requirements-rknn.txt", "requirements-small.txt",
                "funasr", "paraformer", "peers", "punctuation", "rknn", "sensevoice", "signal", "study", "testset",
                "text", "tiny",
                "piper/README.md", "piper/golden.py", "piper/sentences.txt", "piper/seed_layout.py",
                "piper/seed_windows.py", "piper/small_voice.py",
                "whisper/README.md", "whisper/golden.py", "whisper/golden_times.py", "whisper/golden_sizes.py",
                "whisper/word_times.py",
                "whisper/onnx_ear.py", "whisper/whisper_oracle.py",
            ],
            sources: ["ModelPrep.swift"],
            // Embedded by file name alone, so each name is used once.
            resources: [
                "requirements.txt",
                "common/onnx_stream.py", "common/preparation.py", "common/rknn_placement.py",
                "piper/onnx_surgery.py", "piper/planes.py", "piper/split.py", "piper/vits_parts.py",
                "whisper/convert.py", "whisper/ct2_model.py", "whisper/onnx_graph.py",
                "whisper/whisper_graphs.py", "whisper/whisper_tokens.py",
            ].map { .embedInCode($0) },
            swiftSettings: strict
        ),
        // Those that `rkvoice bench` compares with: programs in Python, what they need, what they say.
        .target(
            name: "BenchPeers",
            path: "ModelPrep/peers",
            exclude: ["README.md"],
            sources: ["BenchPeers.swift"],
            resources: [
                "peer_loop.py", "peer_faster_whisper.py", "peer_onnxruntime.py", "peer_piper.py", "peer_sherpa_onnx.py",
                "peer_start.py", "requirements-recognition.txt", "requirements-speech.txt", "sentences.tsv",
            ].map { .embedInCode($0) },
            swiftSettings: strict
        ),
        room(
            "ModelStore",
            ["ModelPrep", crypto],
            resources: [.embedInCode("Resources/catalog.json"), .embedInCode("Resources/unpack.py")]
        ),
        // Whole texts spoken, whole files heard, turns taken; language models behind an address.
        room(
            "Conversation",
            ["Speech", "SpeechSignal", "SpeechText", "Inference", asyncHTTPClient, nioCore, nioHTTP1]
        ),
        // Every setting: its type, its default, where its value came from.
        .target(
            name: "ShippedProfiles",
            path: "configs",
            sources: ["ShippedProfiles.swift"],
            resources: shippedProfiles.map { .embedInCode("\($0).yaml") },
            swiftSettings: strict
        ),
        room("VoiceConfiguration", ["ShippedProfiles", yams]),
        // The library product: the one room that sees everything.
        room(
            "RKVoice",
            [
                "Speech", "SpeechSignal", "SpeechText", "Inference", "Runtimes", "SpeechModels", "ModelStore",
                "Conversation", "VoiceConfiguration",
            ]
        ),
        // Counters, histograms and gauges of swift-metrics, shown as Prometheus text.
        room("Telemetry", [metrics]),
        // HTTP and WebSocket on one port; knows nothing of speech.
        room(
            "Transport",
            [
                "VoiceConfiguration", crypto, hummingbird, hummingbirdCore, httpTypes, lifecycle, logging, nioCore,
                nioHTTP1,
                nioHTTPTypesHTTP1, nioPosix, nioSSL, nioWebSocket,
            ]
        ),
        // A server without speech, for the tests of the wire; no product.
        .executableTarget(
            name: "TransportProbe",
            dependencies: [
                "Transport", "VoiceConfiguration", arguments, hummingbird, httpTypes, lifecycle, logging, nioCore,
                unixSignals,
            ],
            swiftSettings: strict
        ),
        // The routes: decode, call, encode.
        room(
            "VoiceServer",
            [
                "Speech", "SpeechSignal", "SpeechText", "Inference", "Conversation", "VoiceConfiguration", "Telemetry",
                "Transport", hummingbird, httpTypes, lifecycle, logging, metrics, nioCore,
            ],
            resources: pageFiles.map { .embedInCode("Page/Resources/\($0)") }
        ),
        .executableTarget(
            name: "CommandLineTool",
            dependencies: [
                "RKVoice", "Speech", "SpeechSignal", "SpeechText", "Inference", "SpeechModels", "ModelStore",
                "Conversation", "VoiceConfiguration", "Telemetry", "Transport", "VoiceServer", "BenchPeers",
                arguments, lifecycle, logging, metrics, nioCore, nioHTTP1, nioPosix, nioWebSocket, unixSignals,
            ],
            swiftSettings: strict
        ),
        // GPL-3.0 (see its LICENSE): linked to espeak-ng, spoken to over pipes, never linked into rkvoice.
        .executableTarget(name: "EspeakProcess", dependencies: ["CEspeak"], exclude: ["LICENSE", "README.md"]),
        .systemLibrary(name: "CEspeak", pkgConfig: "espeak-ng", providers: [.apt(["libespeak-ng-dev"])]),
        .systemLibrary(name: "CSndfile", pkgConfig: "sndfile", providers: [.apt(["libsndfile1-dev"])]),
        .systemLibrary(name: "CSoxr", pkgConfig: "soxr", providers: [.apt(["libsoxr-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        // The code of the library's first page: built and run by its test, no products.
        example("say"),
        example("transcribe-file"),
        room("SpeechTesting", ["Speech", "Inference"]),
        tests("SpeechSignalTests", ["SpeechSignal"], data: ["Fixtures"]),
        tests("RuntimesTests", ["Runtimes", "RKVoice", "Inference", "SpeechText"], data: ["Fixtures"]),
        tests(
            "ParityTests",
            ["RKVoice", "Runtimes", "SpeechModels", "SpeechSignal", "SpeechText", "Speech", "Inference"],
            data: ["Fixtures", "clips-catalog.json"]
        ),
        tests("ConversationTests", ["Conversation", "Speech", "SpeechSignal", nioCore, nioPosix]),
        tests("VoiceConfigurationTests", ["VoiceConfiguration"]),
        tests("TelemetryTests", ["Telemetry", metrics]),
        tests(
            "TransportTests",
            [
                "Transport", "TransportProbe", "VoiceConfiguration", hummingbird, httpTypes, lifecycle, logging,
                nioCore, metrics, nioPosix, nioSSL, hummingbirdTesting, nioEmbedded,
            ],
            data: ["Fixtures"]
        ),
        tests(
            "VoiceServerTests",
            [
                "VoiceServer", "Transport", "VoiceConfiguration", "Telemetry", "Speech", "SpeechSignal", "Conversation",
                hummingbird, httpTypes, lifecycle, logging, metrics, nioCore,
                hummingbirdTesting, nioEmbedded,
            ]
        ),
        tests("InferenceTests", ["Inference"]),
        tests("SpeechTests", ["Speech"]),
        tests("SpeechModelsTests", ["SpeechModels", "SpeechText", "Speech", "Inference"]),
        tests("RKVoiceTests", ["RKVoice", "Inference", "VoiceConfiguration"]),
        tests("SpeechTextTests", ["SpeechText"], data: ["Fixtures"]),
        tests("ModelStoreTests", ["ModelStore", "RKVoice", "CommandLineTool", crypto], data: ["Fixtures"]),
    ]
)
