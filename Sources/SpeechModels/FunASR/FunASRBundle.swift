import Foundation
package import Inference
package import SpeechSignal
package import SpeechText

/// What bundles of both families have beside their graphs: a front end with its statistics, and the pieces of the
/// tokens.
///
/// Of `config` it reads `frontEnd` (``KaldiFrontEnd/Config``), `tokens` (`tokens.txt`, or a SentencePiece model), and
/// where the statistics are: `statistics` names an `am.mvn`, `metadata` the ONNX file that has `neg_mean` and
/// `inv_stddev` in its metadata. With `metadata` and no `frontEnd`, the metadata say everything, as sherpa-onnx reads
/// them.
package struct FunASRBundle: Sendable {
    /// How sound becomes rows.
    package let features: KaldiFrontEnd
    /// The pieces of the tokens.
    package let table: TokenTable
    /// What the graph says of itself, where `config` leaves everything to it.
    package let published: FunASRMetadata?

    private struct Config: Decodable {
        var frontEnd: KaldiFrontEnd.Config?
        var tokens: String?
        var statistics: String?
        var metadata: String?
    }

    /// Reads what `config` names.
    /// - Parameters:
    ///   - bundle: the model's directory.
    ///   - metadata: reads the metadata of an ONNX file by its path.
    /// - Throws: `missingFile` and `badModel` naming the file.
    package init(
        _ bundle: ModelBundle,
        metadata: (_ path: String) throws(InferenceError) -> [String: String]
    ) throws(InferenceError) {
        let config = try bundle.config(Config.self)
        if let form = config.frontEnd {
            let statistics = try Self.statistics(config, of: bundle, metadata)
            features = try Self.reading(bundle.directory) { () throws(KaldiFrontEndError) in
                try KaldiFrontEnd(form, statistics: statistics)
            }
            published = nil
        } else {
            guard let name = config.metadata else {
                throw InferenceError(.badModel, "\"config\" has no \"frontEnd\"", graph: bundle.directory)
            }
            let values = try metadata(Self.path(name, of: bundle))
            let file = FunASRMetadata(values, file: name)
            features = try Self.reading(name) { () throws(KaldiFrontEndError) in
                try KaldiFrontEnd(metadata: values, isStreaming: file.isStreaming)
            }
            published = file
        }
        table = try Self.table(config.tokens ?? "tokens.txt", of: bundle)
    }

    private static func statistics(
        _ config: Config,
        of bundle: ModelBundle,
        _ metadata: (_ path: String) throws(InferenceError) -> [String: String]
    ) throws(InferenceError) -> CMVN? {
        if let name = config.statistics {
            let text = String(decoding: try bytes(name, of: bundle), as: UTF8.self)
            return try reading(name) { () throws(KaldiFrontEndError) in try CMVN(kaldiNnet: text) }
        }
        guard let name = config.metadata else { return nil }
        let values = try metadata(path(name, of: bundle))
        return try reading(name) { () throws(KaldiFrontEndError) in
            try CMVN(negMean: values["neg_mean"] ?? "", invStddev: values["inv_stddev"] ?? "")
        }
    }

    private static func table(_ name: String, of bundle: ModelBundle) throws(InferenceError) -> TokenTable {
        let bytes = try bytes(name, of: bundle)
        do throws(SpeechTextError) {
            return name.hasSuffix(".model")
                ? try TokenTable(sentencePiece: bytes) : try TokenTable(text: String(decoding: bytes, as: UTF8.self))
        } catch { throw InferenceError(.badModel, error.message, graph: bundle.directory + "/" + name) }
    }

    private static func reading<Value>(
        _ file: String,
        _ body: () throws(KaldiFrontEndError) -> Value
    ) throws(InferenceError) -> Value {
        do throws(KaldiFrontEndError) { return try body() } catch {
            throw InferenceError(.badModel, error.message, graph: file)
        }
    }

    /// The bytes of a file of the bundle.
    /// - Throws: `missingFile`, or `badModel` for a path that leaves the bundle.
    static func bytes(_ name: String, of bundle: ModelBundle) throws(InferenceError) -> [UInt8] {
        let path = try path(name, of: bundle)
        guard let data = FileManager.default.contents(atPath: path) else {
            throw InferenceError(.missingFile, "the file is missing; run `rkvoice models verify`", graph: path)
        }
        return [UInt8](data)
    }

    private static func path(_ name: String, of bundle: ModelBundle) throws(InferenceError) -> String {
        guard !name.hasPrefix("/"), !name.split(separator: "/").contains("..") else {
            throw InferenceError(.badModel, "\"\(name)\" leaves the bundle's directory", graph: bundle.directory)
        }
        return bundle.directory + "/" + name
    }
}
