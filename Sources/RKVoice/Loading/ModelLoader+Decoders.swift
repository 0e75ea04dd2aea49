package import Inference

extension ModelLoader {
    /// What a bundle with a decoder says of it.
    private struct Config: Decodable {
        var decoder: DecoderDescription
    }

    /// Loads the decoder of a bundle: its stage `decoder`, and `embed` where a graph turns tokens into embeddings.
    ///
    /// - Parameters:
    ///   - bundle: the bundle; `config.decoder` describes the decoder.
    ///   - placement: name of the placement; nil takes the first that can run.
    ///   - options: what the runtime is told.
    ///   - tokenizer: turns text into tokens and back where the runtime does not.
    /// - Returns: the decoder, ready to run.
    /// - Throws: `badModel`, `runtimeUnavailable`, `missingFile`, `outOfMemory`, `deviceUnavailable`, with the reason.
    package func languageModel(
        of bundle: ModelBundle,
        placement: String? = nil,
        options: DecoderOptions = DecoderOptions(),
        tokenizer: (any Tokenizer)? = nil
    ) async throws(InferenceError) -> any LanguageModel {
        let runtimes = try await runtimes(threads: settings.threads)
        let placement = try accelerator.choose(bundle, named: placement, runtimes)
        let description = try bundle.config(Config.self).decoder
        var setup = DecoderSetup(description, in: bundle.directory, tokenizer: tokenizer)
        setup.options = options
        if placement.stages["embed"] != nil {
            setup.embed = try await runtimes.graph(for: "embed", of: placement, in: bundle.directory)
        }
        return try await runtimes.languageModel(for: "decoder", of: placement, setup)
    }
}
