package import Inference

extension SenseVoiceModel {
    /// The stage that a placement of the family has: `model` for sherpa-onnx's export, `encoder` for an NPU.
    package static func stage(of placement: Placement) -> String {
        placement.stages["model"] == nil ? "encoder" : "model"
    }

    /// - Parameters:
    ///   - bundle: the model's directory.
    ///   - graph: the one stage.
    ///   - writesNumbers: whether numbers come as one writes them; nil as the bundle says.
    ///   - metadata: reads the metadata of an ONNX file by its path.
    /// - Throws: `missingFile` and `badModel` naming the file.
    package init(
        _ bundle: ModelBundle,
        encoder graph: any Graph,
        writesNumbers: Bool? = nil,
        metadata: (_ path: String) throws(InferenceError) -> [String: String]
    ) throws(InferenceError) {
        let shared = try FunASRBundle(bundle, metadata: metadata)
        var config = try bundle.config(SenseVoiceConfig.self)
        let writes = writesNumbers ?? config.writesNumbers
        if let published = shared.published { config = try SenseVoiceConfig(published) }
        config.writesNumbers = writes
        var queries: QueryRows?
        if let name = config.embedding {
            queries = try QueryRows(npy: FunASRBundle.bytes(name, of: bundle), file: bundle.directory + "/" + name)
        }
        try self.init(config, table: shared.table, features: shared.features, encoder: graph, queries: queries)
    }
}
