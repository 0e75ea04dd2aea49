import Foundation
import Inference
import ModelStore
import Runtimes

/// Directories that sherpa-onnx publishes, described as bundles: their graphs say in their metadata what they are.
enum PublishedLayout {
    /// - Parameters:
    ///   - directory: with `model.onnx`, or `encoder.onnx` and `decoder.onnx`, or the same with `.int8.onnx`.
    ///   - name: what the model is called.
    ///   - license: its license; the files do not tell.
    /// - Returns: what its `bundle.json` would be, and the files that it names; nil for another layout.
    /// - Throws: `badData` for a graph that is damaged.
    static func describe(
        _ directory: String,
        name: String,
        license: String
    ) throws(StoreError) -> StoreOptions.BundleDescription? {
        func exists(_ file: String) -> Bool { FileManager.default.fileExists(atPath: directory + "/" + file) }
        // The small one first, as sherpa-onnx's own examples take it.
        func graph(_ stem: String) -> String? { ["\(stem).int8.onnx", "\(stem).onnx"].first(where: exists) }
        guard let first = graph("model") ?? graph("encoder") else { return nil }
        let metadata: [String: String]
        do { metadata = try ONNXMetadata.read(directory + "/" + first) } catch {
            throw StoreError(.badData, "\(error)")
        }
        guard let kind = Kind(metadata) else { return nil }
        var stages = [graph("model") == nil ? "encoder" : "model": first]
        if graph("model") == nil { stages["decoder"] = graph("decoder") ?? "decoder.onnx" }
        let files = stages.values + (kind.hasTokens ? ["tokens.txt"] : [])
        if let missing = files.first(where: { !exists($0) }) {
            throw StoreError(.badData, "\(missing) is missing beside \(first)")
        }
        var config = ["metadata": first]
        if kind.hasTokens { config["tokens"] = "tokens.txt" }
        let document: [String: Any] = [
            "schema": ModelBundle.schema, "family": kind.rawValue, "name": name, "sampleRate": 16_000,
            "languages": kind.languages, "license": license, "config": config,
            "placements": ["cpu": stages.mapValues { [[["file": $0, "runtime": "onnx"]]] }],
        ]
        guard let json = try? JSONSerialization.data(withJSONObject: document, options: [.sortedKeys]) else {
            return nil
        }
        return .init(json: [UInt8](json), files: files)
    }

    /// Families that are published so.
    private enum Kind: String {
        case senseVoice = "sensevoice"
        case paraformer, punctuation

        init?(_ metadata: [String: String]) {
            if metadata["lang_auto"] != nil {
                self = .senseVoice
            } else if metadata["punctuations"] != nil {
                self = .punctuation
            } else if metadata["neg_mean"] != nil, metadata["lfr_window_size"] != nil {
                self = .paraformer
            } else {
                return nil
            }
        }

        var hasTokens: Bool { self != .punctuation }
        var languages: [String] {
            self == .senseVoice ? SeedSherpa.senseVoiceLanguages : SeedSherpa.paraformerLanguages
        }
    }
}
