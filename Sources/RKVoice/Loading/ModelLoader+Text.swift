import Inference
import ModelStore
import Runtimes
import Speech
import SpeechModels
import SpeechText
import VoiceConfiguration

extension ModelLoader {
    /// Rules for numbers, dates and money.
    private static let rules = "itn-zh-en"

    /// What stands behind a recognizer.
    /// - Parameter family: of its model: Paraformer writes down what was said, the others write numbers themselves.
    /// - Returns: what becomes of its texts.
    /// - Throws: `unavailable` for a model that was asked for and cannot be had.
    func postprocessing(behind family: String) async throws(SpeechError) -> TextPostprocessing {
        var processing = TextPostprocessing()
        if let id = settings.text.punctuationModel { processing.punctuation = try await punctuation(id) }
        guard family == "paraformer" else { return processing }
        switch settings.text.writtenForm {
        case .off: break
        case .on: processing.writtenForm = try await inverseTextNormalizer()
        case .auto where isInstalled(Self.rules): processing.writtenForm = try await inverseTextNormalizer()
        case .auto: break
        }
        return processing
    }

    private func punctuation(_ id: String) async throws(SpeechError) -> PunctuationModel {
        let bundle = try await bundle(id, as: .asr)
        guard bundle.family == "punctuation" else { throw wrongFamily(bundle, "model for punctuation") }
        return try await loading { () throws(InferenceError) in
            let graph = try await stages(of: bundle, as: nil) { _ in [PunctuationModel.stage] }[0]
            return try PunctuationModel(bundle, graph: graph, metadata: ONNXMetadata.read)
        }
    }

    private func inverseTextNormalizer() async throws(SpeechError) -> InverseTextNormalizer {
        let directory = try await installed(Self.rules)
        let pool = BlockingPool(label: "rkvoice.files")
        let result: Result<InverseTextNormalizer, SpeechTextError> = await withTaskExecutorPreference(pool) {
            do throws(SpeechTextError) { return .success(try InverseTextNormalizer(directory: directory)) } catch {
                return .failure(error)
            }
        }
        do { return try result.get() } catch { throw SpeechError(.unavailable, error.message, cause: error) }
    }
}
