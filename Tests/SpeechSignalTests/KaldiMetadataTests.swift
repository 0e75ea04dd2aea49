import SpeechSignal
import Testing

@Suite("The metadata of a published graph says which front end it has")
struct KaldiMetadataTests {
    private static let complete = [
        "vocab_size": "25055", "lfr_window_size": "7", "lfr_window_shift": "6", "normalize_samples": "0",
        "neg_mean": [String](repeating: "-8.5", count: 560).joined(separator: ","),
        "inv_stddev": [String](repeating: " 0.15\n", count: 560).joined(separator: ","),
    ]

    @Test("whole utterances and streams")
    func forms() throws {
        let offline = try KaldiFrontEnd(metadata: Self.complete, isStreaming: false)
        #expect(offline.config == .offline)
        #expect(offline.width == 560)
        #expect(try KaldiFrontEnd(metadata: Self.complete, isStreaming: true).config == .streaming)
        let rows = offline.features(of: sine(440, rate: 16_000, count: 16_000))
        #expect(rows.count == 17 * 560)
    }

    @Test("samples in [-1, 1], another window")
    func others() throws {
        var metadata = Self.complete
        metadata["normalize_samples"] = "1"
        metadata["lfr_window_size"] = "5"
        for key in ["neg_mean", "inv_stddev"] {
            metadata[key] = [String](repeating: "1", count: 400).joined(separator: ",")
        }
        let frontEnd = try KaldiFrontEnd(metadata: metadata, isStreaming: false)
        #expect(frontEnd.config.fbank.scale == 1)
        #expect(frontEnd.config.lfr?.left == 2)
    }

    @Test(
        "a key that is missing or damaged is named",
        arguments: [
            ("lfr_window_size", nil), ("lfr_window_shift", nil), ("neg_mean", nil), ("inv_stddev", nil),
            ("lfr_window_size", "seven"), ("lfr_window_shift", "0"), ("lfr_window_shift", "99999999999999999999"),
            ("neg_mean", "1,2,three"), ("inv_stddev", ""), ("inv_stddev", "1,2"),
        ] as [(String, String?)]
    )
    func damaged(key: String, value: String?) throws {
        var metadata = Self.complete
        metadata[key] = value
        let error = try #require(throws: KaldiFrontEndError.self) {
            try KaldiFrontEnd(metadata: metadata, isStreaming: false)
        }
        #expect(error.message.contains(key) || error.message.contains("CMVN"), "\(error)")
    }
}
