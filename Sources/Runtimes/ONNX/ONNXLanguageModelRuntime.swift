package import Inference

/// Loads decoder graphs on ONNX Runtime.
package struct ONNXLanguageModelRuntime: LanguageModelRuntime {
    private let runtime: ONNXRuntime

    /// - Parameter runtime: what loads their graphs.
    package init(_ runtime: ONNXRuntime) { self.runtime = runtime }

    package func load(
        _ part: Placement.Part,
        at path: String,
        _ setup: DecoderSetup
    ) async throws(InferenceError) -> any LanguageModel {
        try ONNXLanguageModel(
            await runtime.load(part, at: path),
            embed: setup.embed,
            layout: setup.description.layout,
            dimensions: setup.description.dimensions,
            tokenizer: setup.tokenizer
        )
    }
}
