import Foundation

/// Something that can load decoders: RKLLM, or ONNX Runtime.
package protocol LanguageModelRuntime: Sendable {
    /// - Parameters:
    ///   - part: what the bundle says of the file.
    ///   - path: the file, absolute.
    ///   - setup: what the family knows of its decoder.
    /// - Returns: the decoder, ready to run.
    /// - Throws: `missingFile` or `badModel` naming the file, `outOfMemory`, `deviceUnavailable`.
    func load(
        _ part: Placement.Part,
        at path: String,
        _ setup: DecoderSetup
    ) async throws(InferenceError) -> any LanguageModel
}

/// What a family knows of its decoder before it is loaded, alike for every runtime.
package struct DecoderSetup: Sendable {
    /// What its bundle says.
    package var description: DecoderDescription
    /// The bundle's directory, where the table of embeddings is.
    package var directory: String
    /// What the runtime is told.
    package var options = DecoderOptions()
    /// Turns text into tokens and back where the runtime does not.
    package var tokenizer: (any Tokenizer)?
    /// Tokens to embeddings, for an ONNX graph that takes those and a prompt of tokens.
    package var embed: (any Graph)?

    /// - Parameters:
    ///   - description: what its bundle says.
    ///   - directory: the bundle's directory.
    ///   - tokenizer: turns text into tokens and back where the runtime does not.
    package init(_ description: DecoderDescription, in directory: String, tokenizer: (any Tokenizer)? = nil) {
        self.description = description
        self.directory = directory
        self.tokenizer = tokenizer
    }
}

extension RuntimeSet {
    /// Loads the stage of a placement that is a decoder: one file, on a runtime for language models.
    ///
    /// - Parameters:
    ///   - stage: name of the stage.
    ///   - placement: where it runs.
    ///   - setup: what the family knows of it.
    /// - Returns: the decoder, ready to run.
    /// - Throws: `badModel` for a stage that the placement lacks, or of several files; `runtimeUnavailable`, `missingFile`,
    ///   and what runtimes throw.
    package func languageModel(
        for stage: String,
        of placement: Placement,
        _ setup: DecoderSetup
    ) async throws(InferenceError) -> any LanguageModel {
        let links = try links(of: stage, placement, setup.directory)
        guard links.count == 1, links[0].count == 1, let part = links[0].first else {
            throw InferenceError(
                .badModel,
                "the decoder \"\(stage)\" is one file, no chain and no buckets",
                graph: setup.directory
            )
        }
        try setup.description.check()
        guard let runtime = languageModels[part.runtime] else { throw unavailable(part, setup.directory) }
        return try await runtime.load(part, at: file(of: part, in: setup.directory), setup)
    }
}
