import Foundation
import Inference
import Runtimes
package import Speech
import SpeechModels
package import VoiceConfiguration

extension ModelLoader {
    /// Voices that load at the same time: each needs memory for its file beside the graph made of it.
    private static let voicesAtATime = 2

    /// The Piper voices of a directory in the seed's layout, as one that speaks all their languages.
    ///
    /// The voice comes up without a language that cannot be had, and says so, unless it is the usual one.
    /// - Throws: `unavailable` saying what is missing; `unsupported` for voices that cannot be brought to one rate.
    package func seedVoices(_ tts: Configuration.TTS) async throws(SpeechError) -> SpeechCatalog.Synthesis {
        let choice = SeedPiperChoice(tts)
        try choice.requireDirectory()
        let models = SeedPiper.bundles(
            in: choice.directory,
            locales: choice.locales,
            sequence: tts.board.shape.sequence
        )
        let results = await voices(of: models)
        var loaded: [PiperModel] = []
        var shortcomings: [String] = []
        for (index, model) in models.enumerated() {
            switch results[index] {
            case .success(let voice): loaded.append(voice)
            case .failure(let error):
                let locale = model.id.split(separator: " ").last ?? ""
                guard index > 0, error.code != .cancelled else {
                    throw SpeechError(
                        error.code,
                        "the usual voice, \(locale), is missing: \(error.message)",
                        cause: error
                    )
                }
                // Clients see this, and where files are is not their business.
                let message = error.message.replacing(choice.directory + "/", with: "")
                shortcomings.append("\(locale) is missing: \(message)")
            case nil: break
            }
        }
        guard let usual = loaded.first else { throw SpeechError(.cancelled, "no voice was loaded") }
        let voices = try VoiceSet(usual, Array(loaded.dropFirst()))
        var synthesis = SpeechCatalog.Synthesis(id: "piper_rknn", family: "piper", synthesizer: voices)
        synthesis.shortcomings = shortcomings
        return synthesis
    }

    /// Loads voices, some at a time.
    private func voices(of models: [SeedModel]) async -> [Int: Result<PiperModel, SpeechError>] {
        let phonemizer = startedPhonemizer()
        return await withTaskGroup(of: (Int, Result<PiperModel, SpeechError>).self) { group in
            var results: [Int: Result<PiperModel, SpeechError>] = [:]
            for (index, model) in models.enumerated() {
                if index >= Self.voicesAtATime, let (done, result) = await group.next() { results[done] = result }
                group.addTask { (index, await voice(of: model, phonemizer)) }
            }
            for await (done, result) in group { results[done] = result }
            return results
        }
    }

    private func voice(of model: SeedModel, _ phonemizer: EspeakPhonemizer) async -> Result<PiperModel, SpeechError> {
        guard model.problems.isEmpty else {
            return .failure(SpeechError(.unavailable, model.problems.joined(separator: "; ")))
        }
        do throws(SpeechError) {
            return .success(try await piper(model.bundle, phonemizer: phonemizer, placement: "rknn"))
        } catch {
            return .failure(error)
        }
    }
}

/// Which voices the settings ask for, and where they are.
struct SeedPiperChoice {
    /// Where rkvoice-stream looks when nothing is said.
    static let usualDirectory = "/opt/piper-models"

    let directory: String
    /// The usual one first, each once.
    let locales: [String]

    init(_ tts: Configuration.TTS) {
        let speech = tts.board.speech
        directory = tts.modelDirectory ?? Self.usualDirectory
        let listed = speech.languages.isEmpty ? [speech.defaultLanguage ?? "en_US"] : speech.languages
        let wanted = speech.defaultLanguage ?? (listed.contains("en_US") ? "en_US" : listed[0])
        // `de` is as good as `de_DE` where only one voice speaks German.
        let usual =
            listed.first { $0 == wanted }
            ?? listed.first { locale in Language(wanted).map { $0.tag == wanted && Language(locale) == $0 } ?? false }
            ?? wanted
        var seen: Set<String> = []
        locales = ([usual] + listed).filter { seen.insert($0).inserted }
    }

    /// - Throws: `unavailable` naming the directory and what must be in it.
    func requireDirectory() throws(SpeechError) {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory), isDirectory.boolValue else {
            throw SpeechError(
                .unavailable,
                "the voices' directory \(directory) is not there; it holds a directory for each language, such as "
                    + "\(locales[0]), with \(SeedPiper.encoder), \(SeedPiper.decoder) and config.json; "
                    + "tts.model_dir says where it is"
            )
        }
    }
}
