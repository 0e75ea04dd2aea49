package import Inference

/// Values that sherpa-onnx's exporters write into an ONNX file beside the graph; all of them are text.
package struct FunASRMetadata: Sendable {
    private let values: [String: String]
    private let file: String

    /// - Parameters:
    ///   - values: `metadata_props` of the file.
    ///   - file: its name, for messages.
    package init(_ values: [String: String], file: String) {
        self.values = values
        self.file = file
    }

    /// The text of a key; empty where it is not there.
    package func text(_ key: String) -> String { values[key] ?? "" }

    /// Whether it is that of a streaming encoder.
    package var isStreaming: Bool { !text("encoder_output_size").isEmpty }

    /// A whole number.
    /// - Throws: `badModel` naming the key where it is missing or no number.
    package func number(_ key: String) throws(InferenceError) -> Int {
        guard let text = values[key] else {
            throw InferenceError(.badModel, "the file lacks \"\(key)\" in its metadata", graph: file)
        }
        guard let number = Int(text.filter { !$0.isWhitespace }) else {
            throw InferenceError(.badModel, "\"\(key)\" in its metadata is no number: \(text.prefix(40))", graph: file)
        }
        return number
    }

    /// A whole number that need not be there.
    /// - Throws: `badModel` where it is there and no number.
    package func number(_ key: String, default value: Int) throws(InferenceError) -> Int {
        values[key] == nil ? value : try number(key)
    }
}
