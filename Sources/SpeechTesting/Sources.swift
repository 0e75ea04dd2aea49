package import Speech

/// Elements of an array as a stream.
package struct Replay<Element: Sendable>: AsyncSequence, Sendable {
    package typealias Failure = SpeechError
    private let elements: [Element]

    package init(_ elements: [Element]) { self.elements = elements }

    package func makeAsyncIterator() -> Iterator { Iterator(rest: elements[...]) }

    package struct Iterator: AsyncIteratorProtocol {
        var rest: ArraySlice<Element>
        package mutating func next() async throws(SpeechError) -> Element? { rest.popFirst() }
        package mutating func next(isolation actor: isolated (any Actor)?) async throws(SpeechError) -> Element? {
            rest.popFirst()
        }
    }
}

/// A detector that looks at the loudest sample of a window: tests draw speech with numbers.
package struct LoudnessDetector: SpeechDetector {
    package let sampleRate = 16_000
    package let window = 512
    package init() {}
    package func start() -> Int { 0 }

    package func probability(of samples: ArraySlice<Float>, state: inout Int) async throws(SpeechError) -> Float {
        state += 1
        return min(1, samples.map(abs).max() ?? 0)
    }
}

/// A recognizer that writes down how many samples it was given.
package struct CountingRecognizer: UtteranceRecognizer {
    package let sampleRate = 16_000
    package let languages = ["en", "de"].compactMap { Language($0) }
    package let longestUtterance: Int
    package init(longestUtterance: Int = 480_000) { self.longestUtterance = longestUtterance }

    package func transcript(of audio: AudioChunk, _ options: RecognitionOptions) async throws(SpeechError) -> Transcript
    {
        let start = Double(audio.position) / 16_000
        let text = "\(audio.position)+\(audio.frames)"
        return Transcript(
            text: text,
            language: options.language,
            segments: [.init(start: start, end: start + audio.seconds, text: text)]
        )
    }
}
