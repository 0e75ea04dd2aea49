package import Inference

extension SenseVoiceModel {
    /// The stage that a placement of the family has: `model` for sherpa-onnx's export, `encoder` for an NPU.
    package static func stage(of placement: Placement) -> String {
        placement.stages["model"] == nil ? "encoder" : "model"
    }

    /// - Parameters:
    ///   - bundle: the model's directory.
    ///   - graph: the one stage.
    ///   - metadata: reads the metadata of an ONNX file by its path.
    /// - Throws: `missingFile` and `badModel` naming the file.
    package init(
        _ bundle: ModelBundle,
        encoder graph: any Graph,
        metadata: (_ path: String) throws(InferenceError) -> [String: String]
    ) throws(InferenceError) {
        let shared = try FunASRBundle(bundle, metadata: metadata)
        var config = try bundle.config(SenseVoiceConfig.self)
        if let published = shared.published {
            let writesNumbers = config.writesNumbers
            config = try SenseVoiceConfig(published)
            config.writesNumbers = writesNumbers
        }
        var queries: QueryRows?
        if let name = config.embedding {
            queries = try QueryRows(npy: FunASRBundle.bytes(name, of: bundle), file: bundle.directory + "/" + name)
        }
        try self.init(config, table: shared.table, features: shared.features, encoder: graph, queries: queries)
    }
}
