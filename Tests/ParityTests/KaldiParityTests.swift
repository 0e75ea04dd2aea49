import Foundation
import Speech
import SpeechSignal
import SpeechTesting
import Testing

/// Features of real clips in 9 languages against the reference front end (`ModelPrep/signal/kaldi_golden.py`).
@Suite struct KaldiParityTests {
    struct Golden: Decodable {
        var negMean: String
        var invStddev: String
        var clips: [Clip]

        struct Clip: Decodable {
            var wheel: String
            var path: String
            var samples: Int
            var frames: Int
            var rows: Int
            /// Triples of frame, bin and value.
            var mel: [[Double]]
            /// Triples of row, column and value: rows of seven frames, normalized.
            var normalized: [[Double]]
        }
    }

    @Test func everySampledValueIsWithinTheTolerance() async throws {
        let golden = try Fixture.json(Golden.self, "kaldi_mel.json")
        #expect(golden.clips.count == 27)
        let statistics = try CMVN(negMean: golden.negMean, invStddev: golden.invStddev)
        let front = try KaldiFrontEnd(.offline, statistics: statistics)
        let fbank = try Fbank()
        var largest = (mel: 0.0, normalized: 0.0)
        for clip in golden.clips {
            let samples = try await Models.clip(wheel: clip.wheel, path: clip.path).samples
            try #require(samples.count == clip.samples)
            let mel = fbank.features(of: samples)
            let rows = front.features(of: samples)
            try #require(mel.count == clip.frames * fbank.bins)
            try #require(rows.count == clip.rows * front.width)
            largest.mel = max(largest.mel, error(of: mel, width: fbank.bins, at: clip.mel))
            largest.normalized = max(largest.normalized, error(of: rows, width: front.width, at: clip.normalized))
        }
        print("fbank: largest error \(largest.mel), normalized \(largest.normalized), on \(golden.clips.count) clips")
        #expect(largest.mel <= 1e-3)
        #expect(largest.normalized <= 2e-4)
    }

    private func error(of values: [Float], width: Int, at spots: [[Double]]) -> Double {
        spots.reduce(0) { max($0, abs(Double(values[Int($1[0]) * width + Int($1[1])]) - $1[2])) }
    }
}
