import Conversation
import HTTPTypes
import Hummingbird
import Speech
import SpeechSignal
import Transport
import VoiceConfiguration

/// What `POST /asr` asks for: a recording, and how it is to be written down.
struct RecognitionRequest: Sendable {
    /// A file of any kind that is decoded here.
    var audio: [UInt8]
    /// As it was written, for the answer; nil detects it.
    var languageName: String?
    /// How to listen.
    var options = RecognitionOptions()
    /// What the answer is written in.
    var responseFormat = TranscriptFormat.json
    /// What was asked for and is not known here.
    var ignored: [String]
}

extension RecognitionRequest {
    /// Reads a request to the end of its body.
    ///
    /// - Throws: 400 `invalid_multipart`, `empty_audio`, `invalid_audio`; 413 `body_too_large`; 415
    ///   `unsupported_media_type`; 422 `missing_file`, `duplicate_field`, `invalid_parameter`.
    init(_ request: Request, configuration: Configuration) async throws {
        var query = Parameters(request.query, location: "query")
        _ = query.value("token")
        var texts: [String: String] = [:]
        for name in Form.texts { texts[name] = try query.string(name) }
        let raw = try RawSamples(request.headers[.contentType], query: &query)
        var form = Form()
        let type = HeaderValue(request.headers[.contentType] ?? "")
        if type.name.hasPrefix("multipart/") {
            form = try await Form(request, type, limit: configuration.limits.bodyBytes)
        } else {
            try Self.requireSound(type.name)
            form.audio = try await request.bytes(atMost: configuration.limits.bodyBytes)
        }
        guard let audio = form.audio else { throw Self.missingFile }
        guard !audio.isEmpty else { throw HTTPFailure(.badRequest, "empty_audio", "the recording is empty (0 bytes)") }
        self.audio = try raw?.file(audio) ?? audio
        ignored = query.ignored + form.ignored
        let asked = AskedTexts(form: form.texts, query: texts)
        (languageName, options.language) = try Self.language(asked, configuration.asr.language)
        try readOptions(asked)
    }

    /// What stands beside the language.
    private mutating func readOptions(_ asked: AskedTexts) throws(HTTPFailure) {
        options.translates = try asked.choice("task", ["transcribe": false, "translate": true]) ?? false
        options.prompt = asked["prompt"]
        let formats = Dictionary(uniqueKeysWithValues: TranscriptFormat.allCases.map { ($0.rawValue, $0) })
        responseFormat = try asked.choice("response_format", formats) ?? .json
        let yesOrNo = ["1": true, "true": true, "yes": true, "0": false, "false": false, "no": false]
        let wordTimes = try asked.choice("word_times", yesOrNo, "true or false") ?? false
        guard !wordTimes || responseFormat.isJSON else {
            throw asked.failure("word_times", "word_times needs response_format json or verbose_json")
        }
        let isTimed = responseFormat == .verboseJSON || responseFormat.isSubtitles
        options.timing = wordTimes ? .words : isTimed ? .segments : .utterances
    }

    private static let missingFile = HTTPFailure.invalid(
        "file",
        "no recording was sent; put it into the field \"file\" or \"audio\" of a form, or send it as the body",
        code: "missing_file"
    )

    /// Kinds of body that cannot be a recording, whatever is in them. A form is none of them: curl says it of every
    /// `--data-binary`.
    private static func requireSound(_ type: String) throws(HTTPFailure) {
        guard type.hasPrefix("text/") || type == "application/json" else { return }
        let message =
            "the body is said to be \(type.prefix(80)); send multipart/form-data with a file, or the file itself"
        throw HTTPFailure(.unsupportedMediaType, "unsupported_media_type", message)
    }

    /// What is asked for counts before the configuration's.
    private static func language(_ asked: AskedTexts, _ usual: String?) throws(HTTPFailure) -> (String?, Language?) {
        guard let name = asked["language"] ?? usual, name.lowercased() != "auto", !name.isEmpty else {
            return (nil, nil)
        }
        if let language = Language(name) { return (name, language) }
        throw asked.failure(
            "language",
            "\"\(name.prefix(40))\" is no language that is known here; try a name like German, or auto"
        )
    }
}

/// Texts of a form and of the query; the form's count first, and an empty one is none.
private struct AskedTexts {
    var form: [String: String]
    var query: [String: String]

    subscript(name: String) -> String? {
        let text = form[name] ?? query[name]
        return text?.isEmpty == false ? text : nil
    }

    func failure(_ name: String, _ message: String) -> HTTPFailure {
        .invalid(name, message, location: form[name] == nil ? "query" : "body")
    }

    /// One of some values; nil where nothing is asked for.
    func choice<Value>(
        _ name: String,
        _ values: [String: Value],
        _ wanted: String? = nil
    ) throws(HTTPFailure) -> Value? {
        guard let text = self[name] else { return nil }
        if let value = values[text] { return value }
        throw failure(name, "\(name) is \(wanted ?? "one of " + values.keys.sorted().joined(separator: ", "))")
    }
}

/// The fields of a form that are used.
private struct Form {
    /// Fields that are texts, which the query may hold too.
    static let texts = ["language", "task", "prompt", "response_format", "word_times"]
    /// More is never taken in: only the end of a prompt counts.
    static let longestPrompt = 4096

    var audio: [UInt8]?
    var texts: [String: String] = [:]
    var ignored: [String] = []

    init() {}

    init(_ request: Request, _ type: HeaderValue, limit: Int) async throws {
        guard type.name == "multipart/form-data" else {
            let message = "the body is \(type.name.prefix(80)); multipart/form-data is read"
            throw HTTPFailure(.unsupportedMediaType, "unsupported_media_type", message)
        }
        var reader = MultipartReader(try MultipartBoundary(type))
        try await request.eachPart(atMost: limit) { try reader.append($0.readableBytesView) }
        for part in try reader.finish() {
            switch part.name {
            case "file", "audio":
                guard audio == nil else {
                    throw Self.duplicate(part.name, "more than one recording was sent; send one")
                }
                audio = part.bytes
            case let name where Self.texts.contains(name):
                guard texts[name] == nil else { throw Self.duplicate(name, "\(name) was sent twice") }
                texts[name] = try Self.text(part)
            default: ignored.append(part.name)
            }
        }
    }

    private static func duplicate(_ name: String, _ message: String) -> HTTPFailure {
        .invalid(name, message, code: "duplicate_field")
    }

    private static func text(_ part: FormPart) throws(HTTPFailure) -> String {
        let limit = part.name == "prompt" ? longestPrompt : 64
        guard part.bytes.count <= limit, let text = String(validating: part.bytes, as: UTF8.self) else {
            throw .invalid(part.name, "\(part.name) is no short text")
        }
        return text
    }
}

/// Samples without a file around them, which only the sender can describe.
private struct RawSamples {
    private let sampleRate: Int
    private let channels: Int
    private let isBigEndian: Bool

    /// Asked for by `?format=pcm`, by `audio/pcm` or by `audio/L16` (RFC 2586: big-endian unless said otherwise);
    /// nil for everything else.
    init?(_ contentType: String?, query: inout Parameters) throws(HTTPFailure) {
        let type = HeaderValue(contentType ?? "")
        let format = try query.string("format")?.lowercased()
        let isPCM = ["pcm", "s16le", "pcm_s16le"].contains(format)
        guard isPCM || type.name == "audio/pcm" || type.name == "audio/l16" else {
            if let format, format != "auto" {
                throw query.failure("format", "format is pcm, or auto: files tell it themselves")
            }
            return nil
        }
        let rates = AudioLimits.sampleRates
        var header = Parameters(type.parameters.mapValues { .string($0) }, location: "query")
        let headerRate = try header.integer("rate", in: rates)
        let headerChannels = try header.integer("channels", in: 1...AudioLimits.channels)
        guard let rate = try query.integer("sample_rate", in: rates) ?? headerRate else {
            throw query.failure(
                "sample_rate",
                "raw samples need their rate: ?sample_rate=16000, or audio/pcm;rate=16000"
            )
        }
        sampleRate = rate
        channels = try query.integer("channels", in: 1...AudioLimits.channels) ?? headerChannels ?? 1
        isBigEndian = !isPCM && type.name == "audio/l16" && type.parameters["endianness"] != "little-endian"
    }

    /// A WAV file with the samples.
    func file(_ samples: [UInt8]) throws(HTTPFailure) -> [UInt8] {
        guard samples.count.isMultiple(of: 2 * channels) else {
            let message =
                "\(samples.count) bytes are no whole number of \(channels == 1 ? "" : "\(channels)-channel ")"
                + "16-bit samples"
            throw HTTPFailure(.badRequest, "invalid_audio", message)
        }
        let frames = samples.count / (2 * channels)
        var file = WAVHeader.bytes(sampleRate: sampleRate, channels: channels, frames: frames)
        file.reserveCapacity(file.count + samples.count)
        if isBigEndian {
            for index in stride(from: 0, to: samples.count, by: 2) {
                file.append(samples[index + 1])
                file.append(samples[index])
            }
        } else {
            file += samples
        }
        return file
    }
}
