import Logging
import RKVoice
import ServiceLifecycle
import Speech
import VoiceConfiguration

/// Loads the models of a server beside it: the port is open meanwhile, and readiness says how far this is.
struct ModelLoading: Service {
    let loader: ModelLoader
    let configuration: Configuration
    let catalog: SpeechCatalog
    let logger: Logger

    func run() async throws {
        let started = ContinuousClock.now
        await withTaskGroup(of: Void.self) { group in
            if configuration.asr.isEnabled { group.addTask { await loadRecognizer() } }
            if configuration.tts.isEnabled { group.addTask { await loadVoice() } }
        }
        guard !Task.isCancelled else { return }
        let seconds = ((.now - started) / .milliseconds(1)).rounded() / 1000
        logger.info("models loaded", metadata: ["seconds": "\(seconds)"])
        // A service that returns ends its group; this one has nothing more to do until then.
        try? await gracefulShutdown()
    }

    private func loadRecognizer() async {
        catalog.recognition = .loading(step: "loading the recognizer", fraction: nil)
        do {
            let recognition = try await loader.recognition(configuration.asr.model)
            catalog.recognition = .ready(recognition)
            logger.info("recognizer ready", metadata: ["model": "\(recognition.id)"])
        } catch {
            catalog.recognition = .failed(error)
            logger.error("recognizer failed", metadata: ["error": "\(error.message)"])
        }
    }

    private func loadVoice() async {
        catalog.synthesis = .loading(step: "loading the voice", fraction: nil)
        do {
            let synthesis = try await loader.synthesis(configuration.tts.model)
            catalog.synthesis = .ready(synthesis)
            logger.info("voice ready", metadata: ["model": "\(synthesis.id)"])
        } catch {
            catalog.synthesis = .failed(error)
            logger.error("voice failed", metadata: ["error": "\(error.message)"])
        }
    }
}
