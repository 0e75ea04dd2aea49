package import Inference
import Speech

/// A Paraformer of any of its forms, as a bundle has it.
package enum Paraformer: Sendable {
    /// One graph for whole utterances.
    case whole(ParaformerModel)
    /// Encoder and decoder that hear whole utterances.
    case windows(ParaformerWindows)
    /// Encoder and decoder that hear a stream.
    case chunks(ParaformerChunks)

    /// The stages that a placement of the family has, in the order that ``init(_:graphs:metadata:)`` takes their graphs.
    package static func stages(of placement: Placement) -> [String] {
        placement.stages["model"] == nil ? ["encoder", "decoder"] : ["model"]
    }

    /// - Parameters:
    ///   - bundle: the model's directory.
    ///   - graphs: those of ``stages(of:)``.
    ///   - metadata: reads the metadata of an ONNX file by its path.
    /// - Throws: `missingFile` and `badModel` naming the file.
    package init(
        _ bundle: ModelBundle,
        graphs: [any Graph],
        metadata: (_ path: String) throws(InferenceError) -> [String: String]
    ) throws(InferenceError) {
        let shared = try FunASRBundle(bundle, metadata: metadata)
        var config = try bundle.config(ParaformerConfig.self)
        if let published = shared.published { config = try ParaformerConfig(published) }
        let (table, features) = (shared.table, shared.features)
        let languages = bundle.languages.compactMap { Language($0) }
        let mode = config.mode ?? Self.mode(of: graphs)
        switch (mode, graphs.count) {
        case (.offline, 1):
            self = .whole(
                try ParaformerModel(config, table: table, features: features, languages: languages, graph: graphs[0])
            )
        case (.windows, 2):
            self = .windows(
                try ParaformerWindows(
                    config,
                    table: table,
                    features: features,
                    languages: languages,
                    encoder: graphs[0],
                    decoder: graphs[1]
                )
            )
        case (.streaming, 2):
            self = .chunks(
                try ParaformerChunks(
                    config,
                    table: table,
                    features: features,
                    languages: languages,
                    encoder: graphs[0],
                    decoder: graphs[1]
                )
            )
        default: throw Self.mismatch(mode, graphs.count, bundle)
        }
    }

    private static func mismatch(_ mode: ParaformerConfig.Mode, _ stages: Int, _ bundle: ModelBundle) -> InferenceError
    {
        InferenceError(
            .badModel,
            "\"mode\" is \(mode.rawValue), and there are \(stages) stages; "
                + "offline has the stage \"model\", the others have \"encoder\" and \"decoder\"",
            graph: bundle.directory
        )
    }

    /// How graphs can be used: one hears utterances; of two, the decoder has to go on from chunk to chunk to hear a stream.
    private static func mode(of graphs: [any Graph]) -> ParaformerConfig.Mode {
        guard graphs.count > 1 else { return .offline }
        return ParaformerDecoder.goesOn(graphs[1]) ? .streaming : .windows
    }
}
