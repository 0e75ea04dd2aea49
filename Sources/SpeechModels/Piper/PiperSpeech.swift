import Inference
package import Speech
import SpeechText

/// Speech of one utterance, decoded a window at a time when it is asked for.
package struct PiperSpeech: AsyncSequence, Sendable {
    package typealias Element = SpeechEvent
    package typealias Failure = SpeechError

    let model: PiperModel
    let utterance: Utterance

    package func makeAsyncIterator() -> Iterator { Iterator(model: model, utterance: utterance) }

    /// Where the utterance stands.
    package struct Iterator: AsyncIteratorProtocol {
        private enum Stage {
            /// Nothing has run.
            case text
            /// Sentences wait for the encoder. Can move to `windows` or `done`.
            case sentences
            /// Windows of the current sentence wait for the decoder. Can move to `sentences`.
            case windows(Tensor, ArraySlice<WindowPlan.Window>)
            /// The metrics have been given.
            case done
        }

        private let model: PiperModel
        private let utterance: Utterance
        private var stage = Stage.text
        private var sentences: ArraySlice<[Int64]> = []
        private var noise: GaussianNoise?
        private var position = 0
        private var metrics = SynthesisMetrics()
        private let clock = StageClock()

        init(model: PiperModel, utterance: Utterance) {
            self.model = model
            self.utterance = utterance
            noise = GaussianNoise(seed: utterance.seed ?? UInt64.random(in: 0 ... .max))
        }

        package mutating func next() async throws(SpeechError) -> SpeechEvent? {
            try await next(isolation: #isolation)
        }

        package mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(SpeechError) -> SpeechEvent? {
            let start = ContinuousClock.now
            let samples = try await nextSamples()
            metrics.inferenceTime += (.now - start) / .seconds(1)
            guard let samples else {
                if case .done = stage { return nil }
                stage = .done
                metrics.duration = Double(position) / Double(model.sampleRate)
                metrics.stageMilliseconds = clock.milliseconds
                return .finished(metrics)
            }
            if position == 0 { metrics.timeToFirstAudio = metrics.inferenceTime }
            let chunk = AudioChunk(samples: samples, sampleRate: model.sampleRate, position: position)
            position += samples.count
            return .audio(chunk)
        }

        /// The next window's sound; nil at the end.
        private mutating func nextSamples() async throws(SpeechError) -> [Float]? {
            while true {
                switch stage {
                case .done: return nil
                case .text: try await phonemize()
                case .sentences:
                    guard let ids = sentences.popFirst() else { return nil }
                    try await encode(ids)
                case .windows(let z, var windows):
                    guard let window = windows.popFirst() else {
                        stage = .sentences
                        continue
                    }
                    stage = .windows(z, windows)
                    let speaker = model.manner(of: utterance).speaker
                    return try await metered { model throws(InferenceError) in
                        try await model.decode(z, window, speaker: speaker)
                    }
                }
            }
        }

        private mutating func phonemize() async throws(SpeechError) {
            try model.check(utterance)
            let start = ContinuousClock.now
            do {
                sentences = try await model.sentences(of: model.spokenText(of: utterance.text))[...]
            } catch {
                let code: SpeechError.Code =
                    switch error.code {
                    case .unknownPhonemes: .invalidText
                    case .cancelled: .cancelled
                    default: .unavailable
                    }
                throw SpeechError(code, error.message, cause: error)
            }
            clock.add(.now - start, to: "phonemize")
            stage = .sentences
        }

        private mutating func encode(_ sentence: [Int64]) async throws(SpeechError) {
            var ids = sentence
            if utterance.latency == .low, position == 0, let (head, rest) = model.opening(of: sentence) {
                ids = head
                sentences = [rest] + sentences
            }
            let manner = model.manner(of: utterance)
            var noise = noise
            let latents = try await metered { model throws(InferenceError) in
                try await model.encoder.latents(ids, manner, &noise)
            }
            self.noise = noise
            if latents.isCut { return try halve(ids, latents.frames) }
            stage = .windows(latents.z, model.plan(frames: latents.frames, utterance.latency).windows[...])
        }

        /// Puts a sentence back in parts, because its sound did not fit into the encoder's frames.
        private mutating func halve(_ ids: [Int64], _ frames: Int) throws(SpeechError) {
            let parts = PiperParts(map: model.config.phonemeIDs)
            let halves = parts.parts(of: ids, atMost: ids.count - parts.inside(of: ids).count / 4)
            guard halves.count > 1, halves.allSatisfy({ $0.count < ids.count }) else {
                throw SpeechError(.modelFailed, "a word is longer than the \(frames) frames that the encoder gives")
            }
            sentences = halves + sentences
        }

        private func metered<R>(
            _ body: (PiperModel) async throws(InferenceError) -> R
        ) async throws(SpeechError) -> R {
            let result: Result<R, InferenceError> = await MeteredGraph.$clock.withValue(clock) {
                do throws(InferenceError) { return .success(try await body(model)) } catch { return .failure(error) }
            }
            do { return try result.get() } catch { throw SpeechError(error) }
        }
    }
}

extension PiperModel {
    /// Refuses what the voice cannot do, before any work.
    func check(_ utterance: Utterance) throws(SpeechError) {
        guard (0.25...4).contains(utterance.speed) else {
            throw SpeechError(.unsupported, "speed \(utterance.speed) is outside 0.25 … 4")
        }
        if let voice = utterance.voice, !voices.contains(where: { $0.name == voice }),
            PiperSpeakers.number(voice, in: config) == nil
        {
            throw SpeechError(.unsupported, "\(name) has no voice \"\(voice)\"; " + NearVoices.told(voice, in: voices))
        }
    }
}
