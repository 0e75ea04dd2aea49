import Logging
import RKVoice
import ServiceLifecycle
import Speech
import VoiceConfiguration

/// Loads the models of a server beside it: the port is open meanwhile, and readiness says how far this is.
struct ModelLoading: Service {
    let loader: ModelLoader
    let configuration: Configuration
    let tailoring: VoiceTailoring
    let catalog: SpeechCatalog
    let console: Console
    let logger: Logger

    func run() async throws {
        let started = ContinuousClock.now
        // A download that has just begun is no reason to stay.
        try await cancelWhenGracefulShutdown {
            try await withThrowingTaskGroup(of: Void.self) { group in
                if configuration.asr.isEnabled { group.addTask { try await loadRecognizer() } }
                if configuration.tts.isEnabled { group.addTask { try await loadVoice() } }
                try await group.waitForAll()
            }
        }
        console.placements(of: loader.accelerator)
        report(seconds: (.now - started) / .seconds(1))
        // A service that returns ends its group; this one has nothing more to do until then.
        try? await gracefulShutdown()
    }

    private func loadRecognizer() async throws {
        catalog.recognition = .loading(step: "loading the recognizer", fraction: nil)
        do throws(SpeechError) {
            catalog.recognition = .ready(try await loader.recognition(configuration.asr))
        } catch {
            catalog.recognition = .failed(error)
            try tell(error, of: "recognizer", isRequired: configuration.asr.isRequired)
        }
    }

    private func loadVoice() async throws {
        catalog.synthesis = .loading(step: "loading the voice", fraction: nil)
        do throws(SpeechError) {
            var synthesis = try await loader.synthesis(configuration.tts)
            synthesis.synthesizer = tailoring.applied(to: synthesis.synthesizer)
            catalog.synthesis = .ready(synthesis)
            for shortcoming in synthesis.shortcomings { console.warn(shortcoming) }
        } catch {
            catalog.synthesis = .failed(error)
            try tell(error, of: "voice", isRequired: configuration.tts.isRequired)
        }
    }

    /// The other half may serve without this one, unless the profile says that it must not.
    private func tell(_ error: SpeechError, of part: String, isRequired: Bool) throws(SpeechError) {
        guard error.code != .cancelled else { return }
        if isRequired { throw error }
        logger.error("the \(part) is not available", metadata: ["error": "\(error.message)"])
    }

    private func report(seconds: Double) {
        let names = [catalog.recognition.model?.id, catalog.synthesis.model?.id].compactMap { $0 }
        guard !Task.isCancelled, !names.isEmpty else { return }
        console.note("rkvoice: ready in \(decimal(seconds)) s: \(names.joined(separator: ", "))")
    }
}
