import Foundation
import Speech
import SpeechSignal
import SpeechTesting
import Testing

/// Log-mel of real clips against the reference front end (`ModelPrep/whisper/golden.py`).
@Suite struct MelParityTests {
    struct Golden: Decodable {
        var clips: [Clip]

        struct Clip: Decodable {
            var wheel: String
            var path: String
            var firstSample: Int
            var samples: Int
            /// Triples of bin, frame and value.
            var mel: [[Double]]
        }
    }

    @Test func everySampledValueIsWithinTheTolerance() async throws {
        let clips = try Fixture.json(Golden.self, "whisper_mel.json").clips
        #expect(clips.count >= 25)
        let front = WhisperMel(bins: 80)
        var largest = 0.0
        for clip in clips {
            let whole = try await Models.clip(wheel: clip.wheel, path: clip.path).samples
            let samples = Array(whole[clip.firstSample..<min(whole.count, clip.firstSample + clip.samples)])
            let mel = front.logMel(of: samples)
            let frames = mel.count / 80
            for triple in clip.mel {
                let error = abs(Double(mel[Int(triple[0]) * frames + Int(triple[1])]) - triple[2])
                largest = max(largest, error)
                #expect(error <= 1e-4, "\(clip.path) bin \(triple[0]) frame \(triple[1])")
            }
        }
        print("log-mel: largest error \(largest) on \(clips.count) clips")
    }
}
