package import Inference
package import ModelStore
import Runtimes
package import Speech
package import SpeechModels
import SpeechText

/// Turns ids of the catalog into loaded models: installs what is missing, finds the runtimes, checks the files.
package struct ModelLoader: Sendable {
    /// The board, its NPU, and what is placed there.
    package let accelerator: Accelerator
    let settings: Settings
    let progress: @Sendable (StoreProgress) -> Void
    let announce: @Sendable (StoreListing) -> Void

    /// - Parameters:
    ///   - settings: where models live and how they run.
    ///   - announce: told about a model, with its license, before it is downloaded.
    ///   - progress: told about downloads.
    package init(
        _ settings: Settings,
        announce: @escaping @Sendable (StoreListing) -> Void = { _ in },
        progress: @escaping @Sendable (StoreProgress) -> Void = { _ in }
    ) {
        self.settings = settings
        accelerator = Accelerator.shared(settings)
        self.announce = announce
        self.progress = progress
    }

    /// A voice; nil takes the default.
    package func synthesizer(_ id: String? = nil) async throws(SpeechError) -> PiperModel {
        let bundle = try await bundle(id, as: .tts)
        guard bundle.family == "piper" else { throw wrongFamily(bundle, "voice") }
        return try await piper(bundle, phonemizer: startedPhonemizer())
    }

    /// A phoneme process that starts while graphs load; if it cannot, the first sentence says so.
    func startedPhonemizer() -> EspeakPhonemizer {
        let phonemizer = EspeakPhonemizer(executable: espeakPath)
        Task { _ = try? await phonemizer.start() }
        return phonemizer
    }

    /// A Piper voice.
    /// - Parameters:
    ///   - bundle: its files.
    ///   - phonemizer: turns its texts into phonemes.
    ///   - placement: where it runs unless the settings say it; nil takes the first that can be.
    /// - Returns: the voice, ready to speak.
    /// - Throws: what the runtimes say of its files.
    func piper(
        _ bundle: ModelBundle,
        phonemizer: EspeakPhonemizer,
        placement: String? = nil
    ) async throws(SpeechError) -> PiperModel {
        try await loading { () throws(InferenceError) in
            let stages = try await self.stages(["encoder", "decoder"], of: bundle, as: .tts, otherwise: placement)
            return try PiperModel(bundle, encoder: stages[0], decoder: stages[1], phonemizer: phonemizer)
        }
    }

    /// A voice as a service offers it; nil takes the default.
    package func synthesis(_ id: String? = nil) async throws(SpeechError) -> SpeechCatalog.Synthesis {
        let wanted: String
        if let id { wanted = id } else { wanted = try standard(for: .tts) }
        return SpeechCatalog.Synthesis(id: wanted, family: "piper", synthesizer: try await synthesizer(wanted))
    }

    /// A recognizer for streams of any length; nil takes the default.
    package func recognizer(_ id: String? = nil) async throws(SpeechError) -> Transcriber.Recognizer {
        let model = try await whisper(id)
        return SegmentedRecognizer(detector: try await detector(), model: model)
    }

    /// One loaded model that hears whole files and live streams; nil takes the default.
    package func recognition(_ id: String? = nil) async throws(SpeechError) -> SpeechCatalog.Recognition {
        let wanted: String
        if let id { wanted = id } else { wanted = try standard(for: .asr) }
        let model = try await whisper(wanted)
        let detector = try await detector()
        return SpeechCatalog.Recognition(
            id: wanted,
            family: "whisper",
            offline: SegmentedRecognizer(detector: detector, model: model),
            streaming: StreamingRecognizer(detector: detector, model: model)
        )
    }

    /// A recognizer for utterances of up to 30 s; nil takes the default.
    package func whisper(_ id: String? = nil) async throws(SpeechError) -> WhisperModel {
        let bundle = try await bundle(id, as: .asr)
        guard bundle.family == "whisper" else { throw wrongFamily(bundle, "recognizer") }
        return try await loading { () throws(InferenceError) in
            let stages = try await self.stages(["encoder", "decoder"], of: bundle, as: .asr)
            return try WhisperModel(bundle, encoder: stages[0], decoder: stages[1])
        }
    }

    /// The speech detector.
    package func detector() async throws(SpeechError) -> SileroDetector {
        let bundle = try await bundle(nil, as: .vad)
        return try await loading { () throws(InferenceError) in
            // One window is 0.06 ms of work: a second thread would cost more than it brings.
            let stages = try await self.stages(["detector"], of: bundle, as: .vad, threads: 1)
            return try SileroDetector(bundle, detector: stages[0])
        }
    }

    /// One graph of an installed model, as the runtime gives it: what benchmarks and parity tests compare with.
    package func graph(_ file: String, of id: String) async throws(SpeechError) -> any Graph {
        let directory = try await installed(id)
        return try await loading { () throws(InferenceError) in
            try await runtime(threads: settings.threads).load(.init(file, on: .onnx), at: directory + "/" + file)
        }
    }

    /// The bundle of a model, installed first if need be; nil takes the one that the catalog names for the role.
    private func bundle(_ id: String?, as role: Catalog.Role) async throws(SpeechError) -> ModelBundle {
        let wanted: String
        if let id { wanted = id } else { wanted = try standard(for: role) }
        let directory = try await installed(wanted)
        return try await loading { () throws(InferenceError) in try ModelBundle(directory: directory) }
    }

    /// Stages of a bundle on this host, in the order asked for; they load side by side.
    private func stages(
        _ names: [String],
        of bundle: ModelBundle,
        as role: Catalog.Role,
        otherwise placement: String? = nil,
        threads: Int? = nil
    ) async throws(InferenceError) -> [any Graph] {
        let runtimes = try await runtimes(threads: threads ?? settings.threads)
        let wanted = settings.accelerator.placements[role] ?? placement
        let placement = try accelerator.choose(bundle, named: wanted, runtimes)
        let trace = accelerator.trace
        let results = await withTaskGroup(of: (Int, Result<any Graph, InferenceError>).self) { group in
            for (index, name) in names.enumerated() {
                group.addTask {
                    do throws(InferenceError) {
                        let graph = try await runtimes.graph(for: name, of: placement, in: bundle.directory)
                        return (index, .success(MeteredGraph(graph, stage: name, trace: trace)))
                    } catch { return (index, .failure(error)) }
                }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        var graphs: [any Graph] = []
        for index in names.indices { if let result = results[index] { graphs.append(try result.get()) } }
        return graphs
    }

    private func wrongFamily(_ bundle: ModelBundle, _ wanted: String) -> SpeechError {
        SpeechError(
            .unsupported,
            "\(bundle.name) is of the family \(bundle.family), which is no \(wanted); see `rkvoice models list`"
        )
    }

    private func loading<R>(_ body: () async throws(InferenceError) -> R) async throws(SpeechError) -> R {
        do { return try await body() } catch { throw SpeechError(error) }
    }
}
