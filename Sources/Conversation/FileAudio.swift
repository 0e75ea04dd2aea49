import Inference
package import Speech
package import SpeechSignal

/// An audio file, a pipe or an upload as what a recognizer hears: mono at its rate, block by block.
package struct FileAudio: AsyncSequence, Sendable {
    package typealias Element = RecognizerInput
    package typealias Failure = SpeechError

    /// How far the file has been read, told after each block.
    package struct Progress: Sendable {
        /// Seconds read.
        package var seconds: Double = 0
        /// Seconds in all, where the file says so.
        package var total: Double?
        /// Whether the file ended before what its header promises; known at the end.
        package var isTruncated = false

        package init() {}
    }

    private enum Origin: Sendable {
        case path(String)
        case bytes([UInt8])
    }

    /// Seconds of a file on disk that are heard unless somebody says otherwise: a day. A few megabytes of a compressed
    /// format can hold more than anybody has recorded. What comes through a pipe goes on as long as it comes.
    package static let longest = 86_400.0

    private let origin: Origin
    /// How messages call it.
    let name: String
    let sampleRate: Int
    let maximumSeconds: Double
    /// What the samples are where the file has no container.
    let raw: RawAudio?
    let progress: @Sendable (Progress) -> Void

    /// - Parameters:
    ///   - path: a file, or `-` for standard input.
    ///   - sampleRate: Hz that the recognizer expects.
    ///   - raw: what the samples are, of a file without a container; nil asks the file.
    ///   - maximumSeconds: the longest sound to decode of a file that is no pipe, whatever its header says.
    ///   - progress: called after each block, on any thread.
    package init(
        path: String,
        sampleRate: Int = 16_000,
        raw: RawAudio? = nil,
        maximumSeconds: Double = longest,
        progress: @escaping @Sendable (Progress) -> Void = { _ in }
    ) {
        origin = .path(path)
        name = path
        self.sampleRate = sampleRate
        self.maximumSeconds = maximumSeconds
        self.raw = raw
        self.progress = progress
    }

    /// - Parameters:
    ///   - bytes: a whole file in memory, of any kind that is read.
    ///   - name: how messages call it.
    ///   - sampleRate: Hz that the recognizer expects.
    ///   - maximumSeconds: the longest sound to decode, whatever the header says; a small file can hold hours.
    ///   - progress: called after each block, on any thread.
    package init(
        bytes: [UInt8],
        name: String = "audio",
        sampleRate: Int = 16_000,
        maximumSeconds: Double,
        progress: @escaping @Sendable (Progress) -> Void = { _ in }
    ) {
        origin = .bytes(bytes)
        self.name = name
        self.sampleRate = sampleRate
        self.maximumSeconds = maximumSeconds
        raw = nil
        self.progress = progress
    }

    package func makeAsyncIterator() -> Iterator { Iterator(file: self) }

    /// The whole file in memory.
    /// - Parameter limit: longest file taken, in seconds.
    /// - Returns: its sound, mono.
    /// - Throws: `invalidAudio` when it cannot be read or is longer.
    package func whole(atMost limit: Double) async throws(SpeechError) -> AudioChunk {
        var samples: [Float] = []
        for try await input in self {
            guard case .audio(let chunk) = input else { continue }
            samples += chunk.samples
            guard samples.count <= Int(limit * Double(sampleRate)) else {
                throw SpeechError(.invalidAudio, "\(name): longer than \(Int(limit)) s")
            }
        }
        return AudioChunk(samples: samples, sampleRate: sampleRate)
    }

    package struct Iterator: AsyncIteratorProtocol {
        private let file: FileAudio
        // Reading a pipe blocks; that must not happen on a thread of the cooperative pool. One pool for all: a thread
        // lives on for seconds, and a server may be sent many files that end at once.
        private static let pool = BlockingPool(label: "rkvoice.file")
        private var reader: MonoReader?
        private var position = 0
        private var hasEnded = false
        /// Why the file could not be read on. What was heard before it is an utterance all the same, and comes first.
        private var failure: SpeechError?

        init(file: FileAudio) { self.file = file }

        package mutating func next() async throws(SpeechError) -> RecognizerInput? {
            try await next(isolation: #isolation)
        }

        package mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(SpeechError) -> RecognizerInput? {
            if let failure = failure.take() { throw failure }
            guard !hasEnded else { return nil }
            guard !Task.isCancelled else { throw SpeechError(.cancelled, "interrupted") }
            do {
                let (file, known) = (file, reader)
                let (reader, block) = try await withTaskExecutorPreference(Self.pool) {
                    let reader = try known ?? Self.open(file)
                    // One second at a time: enough to keep the detector busy, little to hold.
                    return (reader, try reader.read(frames: file.sampleRate))
                }
                self.reader = reader
                position += block?.count ?? 0
                report(reader)
                guard let block else {
                    hasEnded = true
                    guard position > 0 else { throw AudioError(.empty, "\(file.name): there is no sound in it") }
                    return .endOfUtterance
                }
                return .audio(
                    AudioChunk(samples: block, sampleRate: file.sampleRate, position: position - block.count)
                )
            } catch let error as SpeechError {
                throw error
            } catch {
                // A decoder in another process stops waiting when its task is cancelled.
                guard !Task.isCancelled else { throw SpeechError(.cancelled, "interrupted") }
                let told = SpeechError(.invalidAudio, "\(error)", cause: error)
                guard position > 0 else { throw told }
                (failure, hasEnded) = (told, true)
                return .endOfUtterance
            }
        }

        private static func open(_ file: FileAudio) throws -> MonoReader {
            let source =
                switch file.origin {
                case .path("-"): try ByteSource(fileDescriptor: 0)
                case .path(let path): try ByteSource(path: path)
                case .bytes(let bytes): ByteSource(bytes: bytes, name: file.name)
                }
            let limit = source.isSeekable ? file.maximumSeconds : nil
            let reader =
                if let raw = file.raw {
                    try AudioReader(raw, source, maximumSeconds: limit)
                } else {
                    try AudioReader(source, maximumSeconds: limit)
                }
            return try MonoReader(reader, sampleRate: file.sampleRate)
        }

        private func report(_ reader: MonoReader) {
            let rate = Double(file.sampleRate)
            var progress = Progress()
            progress.seconds = Double(position) / rate
            progress.total = reader.expectedFrames.map { Double($0) / rate }
            progress.isTruncated = reader.isTruncated
            file.progress(progress)
        }
    }
}
