import Foundation
package import Inference
import Speech
import SpeechText

extension WhisperModel {
    /// A stretch of text in a window.
    struct Passage: Sendable {
        /// Seconds from the start of the audio.
        var start: Double
        /// Seconds from the start of the audio.
        var end: Double
        var text: String
        /// How many tokens `confidence` is the mean of.
        var tokens: Int
        var confidence: Double?
        var words: [Transcript.Word] = []
        var language: Language?
        var decoding: Transcript.Decoding?

        /// Mean over all tokens of several.
        static func confidence(of passages: [Passage]) -> Double? {
            let tokens = passages.reduce(0) { $0 + $1.tokens }
            guard tokens > 0 else { return nil }
            return passages.reduce(0.0) { $0 + ($1.confidence ?? 0) * Double($1.tokens) } / Double(tokens)
        }

        func segment(from origin: Double, _ language: Language?) -> Transcript.Segment {
            var segment = Transcript.Segment(
                start: origin + start,
                end: origin + end,
                text: text,
                confidence: confidence,
                language: self.language ?? language,
                words: words.map {
                    var word = $0
                    word.start += origin
                    word.end += origin
                    return word
                }
            )
            segment.decoding = decoding
            segment.decoding?.windowStart += origin
            return segment
        }
    }

    /// Seconds by which a window has to get on with each decode of its rest.
    private static let leastAdvance = 1.0

    /// The text of some sound of at most a window's length.
    func passages(
        of samples: ArraySlice<Float>,
        _ request: WhisperRequest,
        _ timing: RecognitionOptions.Timing
    ) async throws(InferenceError) -> [Passage] {
        var passages: [Passage] = []
        var request = request
        var rest = samples
        // What follows the last time that is whole is decoded again, from there: the reference's way.
        while !rest.isEmpty {
            let (found, next) = try await window(rest, request, timing)
            passages += found
            request.language = request.language ?? found.lazy.compactMap(\.language).first
            guard let next else { break }
            rest = rest[next...]
        }
        return passages
    }

    /// One window. A decode that runs into a loop or out of tokens is not cut: the window is halved at its quietest
    /// place and each half decoded by itself.
    /// - Returns: what is whole, and the sample from which the rest has to be decoded.
    private func window(
        _ samples: ArraySlice<Float>,
        _ request: WhisperRequest,
        _ timing: RecognitionOptions.Timing
    ) async throws(InferenceError) -> ([Passage], Int?) {
        let (cross, output) = try await heard(samples, request)
        if !output.isComplete, samples.count > 2 * sampleRate {
            let middle = quietest(near: (samples.startIndex + samples.endIndex) / 2, in: samples)
            var half = request
            half.language = request.language ?? output.language
            let first = try await passages(of: samples[..<middle], half, timing)
            let second = try await passages(of: samples[middle...], half, timing)
            return (first + second, nil)
        }
        let seconds = Double(samples.count) / Double(sampleRate)
        let offset = Double(samples.startIndex) / Double(sampleRate)
        guard request.withTimes else {
            return ([passage(output, 0..<output.tokens.count, offset..<offset + seconds)], nil)
        }
        var text = TimedText(output.tokens, timestampBegin: config.timestampBegin, seconds: seconds)
        if let rest = text.rest, rest < Self.leastAdvance || seconds - rest < Self.leastAdvance / 10 {
            text.close(output.tokens.count, at: seconds)
        }
        let next = text.rest.map { samples.startIndex + Int($0 * Double(sampleRate)) }
        var timed = text.stretches.map { (words: [TimedWords.Word](), start: $0.start, end: $0.end) }
        if timing == .words { timed = try await words(cross, output, text, request, frames: samples.count / 160) }
        let figures = figures(of: output, windowStart: offset)
        let found = zip(text.stretches, timed).map { stretch, times in
            let lead = times.words.isEmpty ? 0 : TimedWords.lead
            let from = offset + min(times.start + lead, seconds)
            var found = passage(output, stretch.tokens, from..<max(from, offset + min(times.end + lead, seconds)))
            found.words = times.words.map { $0.shown(from: offset, atMost: offset + seconds) }
            found.decoding = figures
            found.decoding?.tokens = Array(output.tokens[stretch.tokens])
            return found
        }
        return (found, next)
    }

    private func passage(_ output: WhisperDecoder.Output, _ range: Range<Int>, _ times: Range<Double>) -> Passage {
        let places = range.filter { output.tokens[$0] < config.endOfText }
        return Passage(
            start: times.lowerBound,
            end: times.upperBound,
            text: trimmed(places.map { output.tokens[$0] }),
            tokens: places.count,
            confidence: output.confidence(of: places),
            language: output.language
        )
    }

    /// The words of each stretch of a window, timed by the attention that the decoder pays to the audio.
    private func words(
        _ cross: [String: Tensor],
        _ output: WhisperDecoder.Output,
        _ text: TimedText,
        _ request: WhisperRequest,
        frames: Int
    ) async throws(InferenceError) -> [(words: [TimedWords.Word], start: Double, end: Double)] {
        let places = text.stretches.flatMap { $0.tokens.filter { output.tokens[$0] < config.endOfText } }
        let ids = places.map { output.tokens[$0] }
        let start = decoder.startSequence(output.language, translates: request.translates)
        let sequence = start + [config.noTimestamps] + ids + [config.endOfText]
        let attention = try await decoder.attention(cross, to: sequence)
        let positions = TokenTimes.positions(
            try attention.scalars(as: Float.self),
            heads: attention.shape[1],
            tokens: attention.shape[2],
            used: frames / 2,
            rows: start.count..<sequence.count - 1
        )
        let spoken = request.translates ? nil : output.language?.code
        let words = positions.isEmpty ? [] : tokens.words(of: ids, isSpaced: !Self.unspaced.contains(spoken ?? "en"))
        let timed = words.map { word in
            TimedWords.Word(
                text: word.text,
                tokens: word.tokens.count,
                start: Double(positions[word.tokens.lowerBound]) * WhisperConfig.tick,
                end: Double(positions[word.tokens.upperBound]) * WhisperConfig.tick,
                confidence: output.confidence(of: places[word.tokens]) ?? 0
            )
        }
        let stretches = text.stretches.map { stretch in
            let own = stretch.tokens.count { output.tokens[$0] < config.endOfText }
            return (tokens: own, start: stretch.start, end: stretch.end)
        }
        return TimedWords(timed).divided(into: stretches, lastSpeech: 0)
    }

    /// Languages without spaces between words, as the reference lists them.
    private static let unspaced: Set<String> = ["zh", "ja", "th", "lo", "my", "yue"]

    /// Tokens a second that speech has at most; a text with more is given up and decoded again over the whole window.
    /// Fast speech has 6, and 14 where characters take several tokens.
    private static let mostTokens = 20.0

    /// Tokens that so many samples have at most.
    func mostTokens(in samples: Int) -> Int { Int((1 + Double(samples) / Double(sampleRate)) * Self.mostTokens) }

    /// Encodes a window and decodes it: with thinned silence if that is believed, else over the whole of it.
    /// - Returns: what the decoder was given, and what it made of it.
    private func heard(
        _ samples: ArraySlice<Float>,
        _ request: WhisperRequest
    ) async throws(InferenceError) -> ([String: Tensor], WhisperDecoder.Output) {
        let sound = Array(samples)
        if !request.fullContext, let window = thinned(sound) {
            let cross = try await encode(window)
            var first = request
            first.longest = mostTokens(in: samples.count)
            // Whether anybody speaks matters only to a text that is doubted, and that one is decoded again.
            first.checksSpeech = request.withTimes
            let output = try await decoder.decode(decoder.open(cross, first), first)
            switch quality(of: output).verdict {
            case .accept: return (cross, output)
            case .silence: return (cross, .silence(output.language))
            case .retry: break
            }
        }
        let cross = try await encode(whole(sound))
        return (cross, try await believed(cross, request))
    }

    /// Decodes until the text is believed.
    private func believed(
        _ cross: [String: Tensor],
        _ request: WhisperRequest
    ) async throws(InferenceError) -> WhisperDecoder.Output {
        let opening = try await decoder.open(cross, request)
        var attempts: [WhisperDecoder.Output] = []
        for temperature in DecodingChecks.temperatures {
            let output = try await decoder.decode(opening, request, temperature: temperature)
            switch quality(of: output).verdict {
            case .accept: return output
            case .silence: return .silence(opening.language)
            case .retry: attempts.append(output)
            }
        }
        let best = DecodingChecks.best(attempts.map { quality(of: $0) }) ?? 0
        return attempts[best]
    }

    /// What is known of a decode.
    package func quality(of output: WhisperDecoder.Output) -> DecodingChecks.Quality {
        let text = trimmed(output.tokens.filter { $0 < config.timestampBegin })
        return DecodingChecks.Quality(
            compressionRatio: CompressedSize.ratio(of: text),
            averageLogProbability: output.averageLogProbability,
            noSpeech: output.noSpeech,
            isComplete: output.isComplete
        )
    }

    /// What a transcript tells of a decode; the tokens are put in for each stretch.
    private func figures(of output: WhisperDecoder.Output, windowStart: Double) -> Transcript.Decoding {
        let quality = quality(of: output)
        return Transcript.Decoding(
            tokens: [],
            windowStart: windowStart,
            temperature: output.temperature,
            averageLogProbability: quality.averageLogProbability,
            compressionRatio: quality.compressionRatio,
            noSpeech: quality.noSpeech
        )
    }

    /// One attempt at a window, for comparison with the references.
    /// - Throws: `runtimeFailed`, `cancelled`.
    package func attempt(
        _ samples: ArraySlice<Float>,
        _ request: WhisperRequest
    ) async throws(InferenceError) -> WhisperDecoder.Output {
        let opening = try await decoder.open(encode(whole(Array(samples))), request)
        return try await decoder.decode(opening, request)
    }

    /// The middle of the quietest 100 ms within a quarter of the window around `index`.
    private func quietest(near index: Int, in samples: ArraySlice<Float>) -> Int {
        let step = sampleRate / 20
        let reach = samples.count / 8
        let centers = stride(from: index - reach, through: index + reach, by: step)
        func energy(_ center: Int) -> Float { samples[center - step..<center + step].reduce(0) { $0 + $1 * $1 } }
        return centers.min { energy($0) < energy($1) } ?? index
    }
}

extension TimedWords.Word {
    /// As a transcript shows it.
    fileprivate func shown(from offset: Double, atMost limit: Double) -> Transcript.Word {
        Transcript.Word(
            text: text.trimmingCharacters(in: .whitespaces),
            start: min(offset + start + TimedWords.lead, limit),
            end: min(offset + end + TimedWords.lead, limit),
            confidence: confidence
        )
    }
}
