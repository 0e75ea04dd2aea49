import Foundation
import Inference
import VoiceConfiguration

extension SeedPiper {
    /// The voices of a profile for its plan, the usual one first.
    ///
    /// A voice that cannot be had is no model of the plan but a conflict of it: the others come up without it.
    static func models(_ tts: Configuration.TTS) -> [SeedModel] {
        let choice = SeedPiperChoice(tts)
        let sequence = tts.board.shape.sequence
        var models = bundles(in: choice.directory, locales: choice.locales, sequence: sequence)
        if FileManager.default.fileExists(atPath: choice.directory) {
            let usual = models.first?.id
            let conflicts = models.flatMap { model in
                model.problems.map { conflict($0, of: model, isUsual: model.id == usual) }
            }
            models.removeAll { !$0.problems.isEmpty && $0.id != usual }
            models.indices.first.map { models[$0].conflicts = conflicts }
        } else {
            for index in models.indices {
                models[index].isPresent = false
                models[index].problems.removeAll { !$0.contains("Kokoro") }
            }
        }
        models.indices.first.map { models[$0].effects = effects(of: tts, choice) }
        return models
    }

    private static func conflict(_ problem: String, of model: SeedModel, isUsual: Bool) -> Plan.Conflict {
        Plan.Conflict(
            severity: isUsual ? .error : .warning,
            kind: .model,
            models: [model.id],
            message: problem,
            remedy: isUsual
                ? "put the voice there, or choose another with tts.default_lang and tts.languages"
                : "put the voice there, or take its locale out of tts.languages; the others come up without it"
        )
    }

    private static func effects(of tts: Configuration.TTS, _ choice: SeedPiperChoice) -> [String: String] {
        let speech = tts.board.speech
        var effects: [String: String] = [:]
        effects["tts.model_dir"] = tts.modelDirectory.map { "files come from \($0)" }
        effects["tts.default_lang"] = speech.defaultLanguage.map { _ in
            "what names no language is spoken by \(choice.locales[0])"
        }
        effects["tts.languages"] =
            speech.languages.isEmpty ? nil : "voices for \(speech.languages.joined(separator: ", "))"
        effects["tts.seq_len"] = tts.board.shape.sequence.map {
            "\($0) phoneme ids at a time; longer sentences are split"
        }
        effects["tts.kokoro_voice"] = speech.kokoroVoice.map { "\($0) for Japanese, once Kokoro is in this version" }
        return effects
    }
}
