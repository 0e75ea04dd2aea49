import HTTPTypes
import Speech
import SpeechSignal
import SpeechText
import Transport
import VoiceConfiguration

/// What `POST /tts` and `POST /tts/stream` ask for, checked as far as that goes without a voice.
struct SpeechRequest: Sendable {
    /// How much louder at most; beyond it nothing is left but clipping.
    static let volumes = 0.0...4.0
    static let speeds = 0.25...4.0

    var text: String
    /// Number of the voice, as the system this one replaces counts them.
    var sid: Int?
    var voice: String?
    var language: Language?
    var speed: Double
    /// Factor on every sample; what goes beyond full scale is clipped.
    var volume: Double
    var seed: UInt64?
    var latency: Latency
    var format: AudioFormat?
    /// What was asked for and cannot be done by any voice here, or is not known.
    var ignored: [String]
}

extension SpeechRequest {
    /// Bytes of the longest body: every character of the longest text as two escapes, and some room.
    static func bodyLimit(_ limits: Configuration.Limits) -> Int {
        min(limits.bodyBytes, 12 * limits.textCharacters + 65_536)
    }

    /// - Parameters:
    ///   - bytes: the JSON body.
    ///   - query: `format` and `strict` are read.
    ///   - configuration: limits, and what is assumed where the request says nothing.
    /// - Throws: 400 `invalid_json`, 400 `unsupported_parameter` under `strict`, 413 `text_too_long`, 422
    ///   `invalid_parameter`, `empty_text`; 501 for a cloned voice.
    init(_ bytes: [UInt8], query: [String: JSON], configuration: Configuration) throws(HTTPFailure) {
        var query = Parameters(query, location: "query")
        let strict = try query.flag("strict") ?? false
        // Asked for by the guard at the door, not here.
        _ = query.value("token")
        let queryFormat = try query.string("format")
        var body = try Self.members(of: bytes)
        text = try Self.text(&body, limit: configuration.limits.textCharacters)
        let sid = try body.integer("sid", in: 0...Int(Int32.max))
        self.sid = try body.integer("speaker_id", in: 0...Int(Int32.max)) ?? sid
        voice = try body.string("voice").flatMap { $0.isEmpty ? nil : $0 }
        language = try Self.language(&body)
        speed = try body.number("speed", in: Self.speeds) ?? configuration.tts.speed
        volume = try body.number("volume", in: Self.volumes) ?? 1
        seed = try body.integer("seed", in: 0...Int.max).map(UInt64.init) ?? configuration.tts.seed
        latency = try Self.latency(&body) ?? Latency(rawValue: configuration.tts.latency) ?? .balanced
        let bodyFormat = try body.string("format")
        format = try bodyFormat.map { name throws(HTTPFailure) in try Self.format(name, "body") }
        if format == nil { format = try queryFormat.map { name throws(HTTPFailure) in try Self.format(name, "query") } }
        try Self.refuseCloning(&body)
        // No voice here can change its pitch; the value is checked all the same.
        let pitch = try body.number("pitch", in: -100...100)
        ignored = body.ignored + (pitch == nil ? [] : ["pitch"]) + query.ignored
        if strict, let name = ignored.first {
            let message = "\(name.prefix(64)) is not known or cannot be honored here"
            throw HTTPFailure(.badRequest, "unsupported_parameter", message, parameter: String(name.prefix(64)))
        }
    }

    private static func members(of bytes: [UInt8]) throws(HTTPFailure) -> Parameters {
        let value: JSON
        do throws(JSONError) { value = try JSONReader.read(bytes) } catch {
            throw HTTPFailure(.badRequest, "invalid_json", "the body is no JSON: \(error.message)")
        }
        guard case .object(let members) = value else {
            throw HTTPFailure(.badRequest, "invalid_json", "the body is \(value.kind); an object was expected")
        }
        return Parameters(members, location: "body")
    }

    private static func text(_ body: inout Parameters, limit: Int) throws(HTTPFailure) -> String {
        guard let text = try body.string("text") else {
            throw body.failure("text", "text is missing: what is to be said")
        }
        guard text.utf8.count <= limit || text.count <= limit else {
            let message = "text has \(text.count) characters; at most \(limit) are spoken in one request"
            throw HTTPFailure(.contentTooLarge, "text_too_long", message, parameter: "text")
        }
        guard SpeakableText(text).isSpeakable else {
            let message = "there is nothing to say: text has no letters or digits"
            throw .invalid("text", message, code: "empty_text")
        }
        return text
    }

    private static func language(_ body: inout Parameters) throws(HTTPFailure) -> Language? {
        guard let name = try body.string("language"), !name.isEmpty, name.lowercased() != "auto" else { return nil }
        if let language = Language(name) { return language }
        throw body.failure(
            "language",
            "\"\(name.prefix(40))\" is no language that is known here; try a name like German"
        )
    }

    private static func latency(_ body: inout Parameters) throws(HTTPFailure) -> Latency? {
        guard let name = try body.string("latency") else { return nil }
        if let latency = Latency(rawValue: name) { return latency }
        throw body.failure("latency", "latency is low, balanced or quality")
    }

    private static func format(_ name: String, _ location: String) throws(HTTPFailure) -> AudioFormat {
        if let format = SpeechMedia.format(named: name) { return format }
        let known = SpeechMedia.names.joined(separator: ", ")
        throw .invalid(
            "format",
            "\"\(name.prefix(40))\" is no format that is made here; there are \(known)",
            location: location
        )
    }

    /// Speaking in a wrong voice without a word would be worse than not speaking.
    private static func refuseCloning(_ body: inout Parameters) throws(HTTPFailure) {
        if body.value("speaker_embedding_b64") != nil { throw UnofferedCapability.voiceClone.failure(backend: nil) }
    }
}
