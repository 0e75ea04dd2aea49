import Inference
import RKVoice
import Speech

extension Narrator {
    /// Loads a voice and shows what is downloaded on the way.
    static func load(_ voice: String?, _ loader: ModelLoader, console: Console) async throws -> Narrator {
        let model = try await loader.synthesizer(voice)
        console.placements(of: loader.accelerator)
        return Narrator(model: model)
    }
}

extension Transcriber {
    /// Loads a model and shows what is downloaded on the way.
    static func load(
        _ model: String?,
        _ loader: ModelLoader,
        console: Console,
        streams: Bool
    ) async throws -> Transcriber {
        let recognition = try await loader.recognition(model)
        console.placements(of: loader.accelerator)
        return Transcriber(
            recognizer: streams ? recognition.streaming : recognition.offline,
            parallel: loader.parallelUtterances
        )
    }
}

extension ModelLoader {
    /// Does the work of a command and writes the trace that was asked for, whether the work succeeded or not.
    func traced(_ work: () async throws -> Void) async throws {
        do { try await work() } catch {
            // The work's own failure is the one to tell.
            try? accelerator.writeTrace()
            throw error
        }
        try accelerator.writeTrace()
    }

    /// The board whose NPU is simulated, for reports; nil where none is.
    var simulatedBoard: String? { accelerator.isSimulated ? accelerator.board.id : nil }
}
