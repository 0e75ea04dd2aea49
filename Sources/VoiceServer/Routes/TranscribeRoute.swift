import Conversation
import Foundation
import HTTPTypes
import Hummingbird
import Inference
import NIOCore
import Speech
import SpeechText
import Synchronization
import Transport
import VoiceConfiguration

/// `POST /asr`: a recording in, its text out.
struct TranscribeRoute: Sendable {
    let service: SpeechService

    /// What was heard, and what it took.
    private struct Hearing: Sendable {
        var texts: [String] = []
        var segments: [Transcript.Segment] = []
        var language: Language?
        /// How far the recording was read.
        var progress = FileAudio.Progress()
        var inferenceSeconds = 0.0
        var stageMilliseconds: [String: Double] = [:]

        /// The answer in another form than our own.
        func written(_ order: RecognitionRequest, headers: HTTPFields, simulated: String?) throws -> Response {
            let (type, text): (String, String)
            switch order.responseFormat {
            case .json, .verboseJSON:
                var transcript = VerboseTranscript(
                    segments,
                    seconds: progress.seconds,
                    translates: order.options.translates
                )
                transcript.simulated = simulated
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
                (type, text) = ("application/json", String(decoding: try encoder.encode(transcript), as: UTF8.self))
            case .text: (type, text) = ("text/plain", Spacing.join(texts) + "\n")
            case .srt: (type, text) = ("application/x-subrip", Subtitles.whole(segments, .srt))
            case .vtt: (type, text) = ("text/vtt", Subtitles.whole(segments, .vtt))
            }
            var headers = headers
            headers[.contentType] = type + "; charset=utf-8"
            return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
        }
    }

    func callAsFunction(_ request: Request, _ context: TransportContext) async throws -> Response {
        let configuration = service.configuration.current
        let order = try await RecognitionRequest(request, configuration: configuration)
        let model = try service.recognition()
        try Self.check(order.options.language, model)
        return try await service.counted("asr") {
            let turn = try await service.admission.turn(kind: "asr", client: context.client)
            defer { turn.release() }
            let hearing = try await hear(order, model.offline, limit: configuration.limits.audioSeconds)
            service.readiness.succeeded(.recognition)
            service.metrics.recognized(
                audioSeconds: hearing.progress.seconds,
                inferenceSeconds: hearing.inferenceSeconds,
                finalizeSeconds: nil,
                stageMilliseconds: hearing.stageMilliseconds,
                model: model.id
            )
            var timing = ServerTiming(queueSeconds: turn.waitSeconds, stageMilliseconds: hearing.stageMilliseconds)
            timing.add("asr", milliseconds: 1000 * hearing.inferenceSeconds)
            var headers: HTTPFields = [:]
            headers[.serverTiming] = timing.header
            if !order.ignored.isEmpty { headers[.ignoredParameters] = HeaderList.text(order.ignored) }
            let simulated = configuration.runtime.npu.simulated?.rawValue
            guard order.responseFormat == .json else {
                return try hearing.written(order, headers: headers, simulated: simulated)
            }
            return Response(json: Self.answer(hearing, order, model, simulated: simulated), headers: headers)
        }
    }

    private static func check(_ language: Language?, _ model: SpeechCatalog.Recognition) throws(HTTPFailure) {
        guard let language, !model.offline.languages.contains(language) else { return }
        let known = model.offline.languages.map(\.name)
        let list = known.prefix(12).joined(separator: ", ") + (known.count > 12 ? ", ..." : "")
        throw .invalid("language", "\(language.name) is not understood here; there is \(list)")
    }

    private func hear(
        _ order: RecognitionRequest,
        _ recognizer: some SpeechRecognizer,
        limit: Double
    ) async throws(SpeechError) -> Hearing {
        let progress = Mutex(FileAudio.Progress())
        let audio = FileAudio(
            bytes: order.audio,
            name: "the recording",
            sampleRate: recognizer.sampleRate,
            maximumSeconds: limit
        ) { news in progress.withLock { $0 = news } }
        let clock = StageClock()
        let start = ContinuousClock.now
        let events = recognizer.transcripts(of: audio, order.options)
        // Nobody listens to a file while it is read: live speech goes first on the NPU.
        let result = await RunPriority.$current.withValue(.background) {
            await MeteredGraph.$clock.withValue(clock) { await collect(events) }
        }
        var hearing = try result.get()
        hearing.progress = progress.withLock { $0 }
        hearing.inferenceSeconds = (.now - start) / .seconds(1)
        hearing.stageMilliseconds = clock.milliseconds
        return hearing
    }

    private func collect(
        _ events: some AsyncSequence<TranscriptEvent, SpeechError>
    ) async -> Result<Hearing, SpeechError> {
        var hearing = Hearing()
        do throws(SpeechError) {
            for try await event in events {
                guard case .final(let transcript) = event else { continue }
                service.readiness.succeeded(.recognition)
                hearing.texts.append(transcript.text)
                hearing.segments += transcript.segments
                hearing.language = hearing.language ?? transcript.language
            }
            return .success(hearing)
        } catch {
            return .failure(error)
        }
    }

    private static func answer(
        _ hearing: Hearing,
        _ order: RecognitionRequest,
        _ model: SpeechCatalog.Recognition,
        simulated: String?
    ) -> JSON {
        let language = order.languageName ?? hearing.language?.tag ?? hearing.segments.first?.language?.tag
        let seconds = hearing.progress.seconds
        var members: [String: JSON] = [
            "text": .string(Spacing.join(hearing.texts)),
            "language": .string(language ?? "auto"),
            "backend": .string(model.family),
            "model": .string(model.id),
            "duration": .rounded(seconds),
            "inference_time": .rounded(hearing.inferenceSeconds, places: 4),
            "rtf": .rounded(seconds > 0 ? hearing.inferenceSeconds / seconds : 0, places: 4),
            "truncated": .bool(hearing.progress.isTruncated),
            "segments": .array(hearing.segments.map(\.wire)),
        ]
        if let simulated { members["simulated"] = .string(simulated) }
        return .object(members)
    }
}

extension Transcript.Segment {
    /// As `/asr` shows it.
    var wire: JSON {
        var members: [String: JSON] = ["start": .rounded(start), "end": .rounded(end), "text": .string(text)]
        if let confidence { members["confidence"] = .rounded(confidence) }
        if let language { members["language"] = .string(language.tag) }
        if let emotion { members["emotion"] = .string(emotion) }
        if let event { members["event"] = .string(event) }
        if !words.isEmpty {
            members["words"] = .array(
                words.map { word in
                    var wire: [String: JSON] = [
                        "text": .string(word.text), "start": .rounded(word.start), "end": .rounded(word.end),
                    ]
                    if let confidence = word.confidence { wire["confidence"] = .rounded(confidence) }
                    return .object(wire)
                }
            )
        }
        return .object(members)
    }
}
