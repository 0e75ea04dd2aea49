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
        guard placement.stages["model"] != nil else { return ["encoder", "decoder"] }
        return placement.stages["hotwords"] == nil ? ["model"] : ["model", "hotwords"]
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
        let languages = bundle.languages.compactMap { Language($0) }
        let mode = config.mode ?? Self.mode(of: graphs)
        switch (mode, graphs.count) {
        case (.offline, 1...2) where graphs.dropFirst().allSatisfy { $0.floatInputs(rank: 3).isEmpty }:
            self = .whole(try Self.whole(config, shared, languages, graphs))
        case (.windows, 2):
            self = .windows(
                try ParaformerWindows(
                    config,
                    table: shared.table,
                    features: shared.features,
                    languages: languages,
                    encoder: graphs[0],
                    decoder: graphs[1]
                )
            )
        case (.streaming, 2):
            self = .chunks(
                try ParaformerChunks(
                    config,
                    table: shared.table,
                    features: shared.features,
                    languages: languages,
                    encoder: graphs[0],
                    decoder: graphs[1]
                )
            )
        default:
            throw InferenceError(
                .badModel,
                "\"mode\" is \(mode.rawValue), and there are \(graphs.count) stages; "
                    + "offline has the stage \"model\" and maybe \"hotwords\", the others have \"encoder\" and \"decoder\"",
                graph: bundle.directory
            )
        }
    }

    private static func whole(
        _ config: ParaformerConfig,
        _ shared: FunASRBundle,
        _ languages: [Language],
        _ graphs: [any Graph]
    ) throws(InferenceError) -> ParaformerModel {
        var hotwords: ParaformerHotwords?
        if graphs.count > 1 { hotwords = try ParaformerHotwords(table: shared.table, graph: graphs[1]) }
        return try ParaformerModel(
            config,
            table: shared.table,
            features: shared.features,
            languages: languages,
            graph: graphs[0],
            hotwords: hotwords
        )
    }

    /// How graphs can be used: one hears utterances, maybe with one for hotwords; of an encoder and a decoder, the decoder
    /// has to go on from chunk to chunk to hear a stream.
    private static func mode(of graphs: [any Graph]) -> ParaformerConfig.Mode {
        guard graphs.count > 1, !graphs[1].floatInputs(rank: 3).isEmpty else { return .offline }
        return ParaformerDecoder.goesOn(graphs[1]) ? .streaming : .windows
    }
}
