import Foundation

/// A Piper voice's JSON file, as far as it is needed.
struct PiperVoiceFile: Decodable {
    var audio: Audio
    var espeak: Espeak
    var inference: Inference?
    var phonemeIDs: [String: [Int]]
    var phonemeType: String?

    struct Audio: Decodable {
        var sampleRate: Int
        enum CodingKeys: String, CodingKey { case sampleRate = "sample_rate" }
    }

    struct Espeak: Decodable { var voice: String }

    struct Inference: Decodable {
        var noiseScale: Double?
        var lengthScale: Double?
        var noiseW: Double?
        enum CodingKeys: String, CodingKey {
            case noiseScale = "noise_scale"
            case lengthScale = "length_scale"
            case noiseW = "noise_w"
        }
    }

    enum CodingKeys: String, CodingKey {
        case audio, espeak, inference
        case phonemeIDs = "phoneme_id_map"
        case phonemeType = "phoneme_type"
    }

    /// What is wrong with it.
    struct Problem: Error { var message: String }

    /// Bytes of the largest file that is read; real ones have some thousand.
    private static let sizeLimit: UInt64 = 1 << 20

    /// Reads the one of a directory.
    init(in directory: String) throws(Problem) {
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []).sorted()
        let wanted = SeedPiper.configurations.first(where: names.contains) ?? names.first { $0.hasSuffix(".onnx.json") }
        guard let name = wanted else {
            throw Problem(message: "\(directory) has no config.json, model.onnx.json or other .onnx.json file")
        }
        let path = directory + "/" + name
        let size = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? UInt64
        guard let size, size <= Self.sizeLimit, let json = FileManager.default.contents(atPath: path) else {
            throw Problem(message: "\(path) cannot be read, or is too large for a voice's description")
        }
        do { self = try JSONDecoder().decode(Self.self, from: json) } catch {
            throw Problem(message: "\(path) is not the JSON file of a Piper voice: \(Self.reason(error))")
        }
        try check(path)
    }

    private func check(_ path: String) throws(Problem) {
        guard phonemeType == nil || phonemeType == "espeak" else {
            throw Problem(
                message: "\(path): its phonemes are of the type \(phonemeType ?? ""); only espeak is supported"
            )
        }
        guard (8000...192_000).contains(audio.sampleRate) else {
            throw Problem(message: "\(path): audio.sample_rate \(audio.sampleRate) is outside 8000 … 192000")
        }
        for mark in ["^", "_", "$"] where phonemeIDs[mark]?.isEmpty ?? true {
            throw Problem(message: "\(path): phoneme_id_map has no \(mark)")
        }
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, let context):
            "\((context.codingPath + [key]).map(\.stringValue).joined(separator: ".")) is missing"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            "\(context.codingPath.map(\.stringValue).joined(separator: ".")) is of another kind"
        default: "it is no JSON"
        }
    }
}
