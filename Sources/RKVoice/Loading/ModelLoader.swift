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
            // Measured, a medium voice: to rewrite its encoder took 0.3 of 0.4 s of loading, and gained nothing. A decoder
            // gains with one thread only, 164 ms in place of 210 for 6 s of sound: kernels for blocks of channels share
            // out the rows of a plane, and sound is one row; with two threads it took 141 in place of 125.
            let isAlone = settings.threads == 1
            let stages = try await self.stages(
                of: bundle,
                as: .tts,
                otherwise: placement,
                optimizes: { $0 == "decoder" && isAlone }
            ) { _ in ["encoder", "decoder"] }
            return try PiperModel(bundle, encoder: stages[0], decoder: stages[1], phonemizer: phonemizer)
        }
    }

    /// A voice as a service offers it; nil takes the default.
    package func synthesis(_ id: String? = nil) async throws(SpeechError) -> SpeechCatalog.Synthesis {
        let wanted: String
        if let id { wanted = id } else { wanted = try standard(for: .tts) }
        return SpeechCatalog.Synthesis(id: wanted, family: "piper", synthesizer: try await synthesizer(wanted))
    }

    /// The speech detector.
    package func detector() async throws(SpeechError) -> SileroDetector {
        let bundle = try await bundle(nil, as: .vad)
        return try await loading { () throws(InferenceError) in
            // One window is 0.06 ms of work: a second thread would cost more than it brings.
            let stages = try await self.stages(of: bundle, as: .vad, threads: 1) { _ in ["detector"] }
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
    func bundle(_ id: String?, as role: Catalog.Role) async throws(SpeechError) -> ModelBundle {
        let wanted: String
        if let id { wanted = id } else { wanted = try standard(for: role) }
        let directory = try await installed(wanted)
        return try await loading { () throws(InferenceError) in try ModelBundle(directory: directory) }
    }

    /// Stages of a bundle on this host; they load side by side.
    /// - Parameters:
    ///   - bundle: the model.
    ///   - role: what it is for: the settings may say where that runs; nil for what they do not place.
    ///   - placement: where it runs unless they do; nil takes the first that can be.
    ///   - threads: those that work on one graph; nil as the settings say.
    ///   - optimizes: whether ONNX Runtime rewrites a stage's graphs when it loads them.
    ///   - names: the stages of a placement, in the order that graphs are wanted.
    /// - Returns: their graphs.
    /// - Throws: what the runtimes say of its files.
    func stages(
        of bundle: ModelBundle,
        as role: Catalog.Role?,
        otherwise placement: String? = nil,
        threads: Int? = nil,
        optimizes: (String) -> Bool = { _ in true },
        named names: (Placement) -> [String]
    ) async throws(InferenceError) -> [any Graph] {
        let runtimes = try await runtimes(threads: threads ?? settings.threads)
        let plain = try await self.runtimes(threads: threads ?? settings.threads, optimizes: false)
        let wanted = role.flatMap { settings.accelerator.placements[$0] } ?? placement
        let placement = try accelerator.choose(bundle, named: wanted, runtimes)
        let names = names(placement)
        let trace = accelerator.trace
        let results = await withTaskGroup(of: (Int, Result<any Graph, InferenceError>).self) { group in
            for (index, name) in names.enumerated() {
                let runtimes = optimizes(name) ? runtimes : plain
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

    func wrongFamily(_ bundle: ModelBundle, _ wanted: String) -> SpeechError {
        SpeechError(
            .unsupported,
            "\(bundle.name) is of the family \(bundle.family), which is no \(wanted); see `rkvoice models list`"
        )
    }

    func loading<R>(_ body: () async throws(InferenceError) -> R) async throws(SpeechError) -> R {
        do { return try await body() } catch { throw SpeechError(error) }
    }
}
