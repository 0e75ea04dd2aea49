import Foundation
import Inference
import RKVoice
import Runtimes
import Speech
import SpeechModels
import Testing

/// Whisper over windows whose silence is thinned. The reference has none; what holds is arithmetic, and its texts.
@Suite struct WhisperContextParityTests {
    /// A position with the logarithm of its number as a bias, and that many positions of the same place and sound, are one
    /// to every other position.
    @Test func aBiasCountsAsAsManyPositions() async throws {
        let directory = try await Models.loader.installed("whisper-tiny.en-fp32")
        let encoder = try await Models.loader.runtime(threads: 1)
            .load(.init("encoder.onnx", on: .onnx), at: directory + "/encoder.onnx")
        // Sound, then the floor: all frames of that are alike, so that the convolutions give them alike.
        let (sound, copies) = (40, 7)
        func run(_ places: [Int64], _ bias: [Float]) async throws -> [String: Tensor] {
            let frames = 2 * places.count
            var mel = [Float](repeating: -0.8, count: 80 * frames)
            for bin in 0..<80 {
                for frame in 0..<2 * sound - 4 {
                    mel[bin * frames + frame] = Float(sin(Double(bin * 31 + frame) * 0.37))
                }
            }
            return try await encoder.run([
                "mel": Tensor(shape: [1, 80, frames], mel), "positions": Tensor(shape: [places.count], places),
                "bias": Tensor(shape: [bias.count], bias),
            ])
        }
        let head = (0..<Int64(sound)).map { $0 }
        let tail: [Int64] = [100, 300]
        // The last position hears the end of the mel: it stands for itself in both.
        let many = head + tail.flatMap { [Int64](repeating: $0, count: copies) } + [400]
        let few = head + tail + [400]
        let bias = [Float](repeating: 0, count: sound) + [log(Float(copies)), log(Float(copies)), 0]
        let expected = try await run(many, [Float](repeating: 0, count: many.count)).tensor("cross_v_0")
        let thinned = try await run(few, bias).tensor("cross_v_0")
        let (left, right) = (try expected.scalars(as: Float.self), try thinned.scalars(as: Float.self))
        let (heads, size) = (expected.shape[1], expected.shape[3])
        for head in 0..<heads {
            for value in 0..<sound * size {
                let difference = abs(left[head * many.count * size + value] - right[head * few.count * size + value])
                #expect(difference < 1e-3, "head \(head), value \(value)")
                guard difference < 1e-3 else { return }
            }
        }
    }

    /// Clips of the reference's set that are heard alike by the whole window and by a thinned one.
    @Test func textsAreThoseOfTheWholeWindow() async throws {
        let whisper = try await Models.loader.whisper("whisper-base-fp32")
        let clips = WhisperParityTests.clips.filter { $0.model == "base" && $0.language == "en" }.prefix(5)
        var same = 0
        for clip in clips {
            let audio = AudioChunk(samples: try await clip.audio(), sampleRate: 16_000)
            var options = RecognitionOptions(language: Language("en"))
            let thinned = try await whisper.transcript(of: audio, options).text
            options.fullContext = true
            let whole = try await whisper.transcript(of: audio, options).text
            if thinned.lowercased().filter(\.isLetter) == whole.lowercased().filter(\.isLetter) { same += 1 }
        }
        #expect(clips.count >= 3)
        #expect(same * 10 >= clips.count * 9, "\(same) of \(clips.count)")
    }
}
