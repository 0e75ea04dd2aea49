import Foundation
import Testing
import VoiceConfiguration

@Suite("What rkvoice config shows")
struct ReportTests {
    @Test("Keys are counted, never shown, nor their length")
    func secrets() throws {
        let loaded = try load(["OVS_API_KEYS": "hunter2,correct-horse"])
        let report = ConfigurationReport(loaded, all: true)
        let lines = report.lines(hasColor: false).joined(separator: "\n")
        #expect(lines.contains("*** (2)") && !lines.contains("hunter2") && !lines.contains("correct-horse"))
        let json = String(decoding: try JSONEncoder().encode(report), as: UTF8.self)
        #expect(!json.contains("hunter2") && !json.contains("correct-horse"))
        #expect(json.contains("\"count\":2") && json.contains("\"value\":\"***\""))
        let none = ConfigurationReport(try load(), all: true).settings.first { $0.key == "server.api_keys" }
        #expect(none?.text == "-" && none?.count == 0 && none?.value == SettingValue.none)
    }

    @Test("Values have units and origins, for people and for programs")
    func rows() throws {
        let report = ConfigurationReport(try load(["VAD_ENDPOINT_SILENCE_MS": "400"]), all: false)
        let silence = report.settings.first { $0.key == "asr.vad_silence_ms" }
        #expect(silence?.text == "400ms" && silence?.value == .number(400) && silence?.unit == .milliseconds)
        #expect(silence?.origin == .environment(name: "VAD_ENDPOINT_SILENCE_MS"))
        let body = report.settings.first { $0.key == "limits.body_bytes" }
        #expect(body?.text == "32MiB" && body?.value == .integer(33_554_432) && body?.unit == .bytes)
        #expect(body?.origin == .builtIn)
        let lines = report.lines(hasColor: false)
        #expect(
            lines.contains {
                $0.hasPrefix("asr.vad_silence_ms ") && $0.hasSuffix(" environment VAD_ENDPOINT_SILENCE_MS")
            }
        )
        #expect(!lines.contains { $0.contains("\u{1B}") })
        #expect(report.lines(hasColor: true).contains { $0.contains("\u{1B}[1m400ms") })
    }

    @Test("Settings for boards are shown when they are set, or when all are asked for")
    func boards() throws {
        let plain = try load()
        #expect(!ConfigurationReport(plain, all: false).settings.contains { $0.key == "asr.npu_core_mask" })
        #expect(ConfigurationReport(plain, all: true).settings.count == Schema.settings.count)
        let set = try load(["ASR_NPU_CORE_MASK": "NPU_CORE_0"])
        #expect(ConfigurationReport(set, all: false).settings.contains { $0.key == "asr.npu_core_mask" })
    }
}
