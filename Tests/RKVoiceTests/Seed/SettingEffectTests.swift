import Foundation
import Inference
import RKVoice
import Testing
import VoiceConfiguration

@Suite("What settings for boards come to")
struct SettingEffectTests {
    /// A row of the table in docs/profiles.md.
    struct Row: Sendable, CustomTestStringConvertible {
        var key: String
        var backend: String
        var value: String
        var effect: String
        var beside: String?

        var testDescription: String { "\(key) of \(backend)" }
        var board: Board { backend.hasSuffix("rk1828") ? .rk1828 : backend == "qwen3_rknn" ? .rk3576 : .rk3588 }

        /// The settings without the one of the row.
        var others: [String] {
            let section = key.split(separator: ".").first.map(String.init) ?? ""
            // Kokoro's convolutions have no usual place.
            let root = backend == "kokoro_convonly" && key != "tts.bundle_root" && beside == nil
            return ["\(section).backend=\(backend)"] + (beside.map { [$0] } ?? [])
                + (root ? ["tts.bundle_root=/models/conv"] : [])
        }

        static let all: [Row] = {
            let document = (try? Plans.text("docs/profiles.md")) ?? ""
            let parts = document.components(separatedBy: "<!-- effects -->")
            guard parts.count == 3 else { return [] }
            return parts[1].split(separator: "\n").dropFirst(2).map { line in
                let cells = line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().map {
                    $0.trimmingCharacters(in: .whitespaces)
                }
                func code(_ cell: String) -> String { cell.trimmingCharacters(in: ["`"]) }
                let beside = code(cells[4])
                return Row(
                    key: code(cells[0]),
                    backend: code(cells[1]),
                    value: code(cells[2]),
                    effect: cells[3],
                    beside: beside.isEmpty ? nil : beside
                )
            }
        }()
    }

    @Test("Each row of the table holds", arguments: Row.all)
    func row(row: Row) throws {
        let plan = try Plans.plan(row.others + ["\(row.key)=\(row.value)"], on: row.board)
        let model = try #require(plan.models.first { $0.id.hasPrefix(row.backend) })
        #expect(model.effects.first { $0.key == row.key }?.effect == row.effect)
        // Settings that choose files, cores or places show there as well; the rest is for the family to follow.
        guard row.key != "tts.bundle_root" else { return }
        let before = try Plans.plan(row.others, on: row.board).models.first { $0.id.hasPrefix(row.backend) }
        #expect(before?.effects.contains { $0.key == row.key } == false)
    }

    @Test("Every setting of every backend is in the table")
    func complete() {
        let wanted = Schema.settings.flatMap { setting in setting.backends.map { "\(setting.key) \($0)" } }
        let there = Set(Row.all.map { "\($0.key) \($0.backend)" })
        #expect(there.count == Row.all.count && there.count > 90)
        #expect(wanted.filter { !there.contains($0) } == [])
        #expect(there.subtracting(wanted) == [])
    }

    @Test(
        "Settings that choose a file, a core or a place change the plan's stages",
        arguments: [
            ("asr.npu_core_mask", "NPU_CORE_0"), ("asr.decoder_quant", "fp16"), ("asr.encoder_sizes", "2,4,15"),
            ("asr.decoder_type", "matmul"), ("asr.model_dir", "/models/x"),
        ]
    )
    func stages(key: String, value: String) throws {
        func stages(_ settings: [String]) throws -> [String] {
            let model = try Plans.plan(["asr.backend=qwen3_asr_rk"] + settings).models[0]
            return model.parts.map { "\($0.stage) \($0.file) \($0.frames ?? 0) \($0.cores ?? [])" } + [
                model.directory ?? ""
            ]
        }
        #expect(try stages([]) != stages(["\(key)=\(value)"]))
    }

    @Test("A setting of another backend is reported by its name")
    func unused() throws {
        let tree = try ModelTree()
        defer { tree.remove() }
        let file = tree.path + "/p.yaml"
        try "asr:\n  backend: paraformer_rknn\n  decoder_type: rkllm\n".write(
            toFile: file,
            atomically: true,
            encoding: .utf8
        )
        let loaded = try LoadedConfiguration(ConfigurationSources(profile: file))
        #expect(
            loaded.warnings.contains(
                "asr.decoder_type has no effect: it belongs to qwen3_asr_rk, and asr.backend is paraformer_rknn"
            )
        )
    }
}
