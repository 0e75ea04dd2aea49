package import Speech
import Transport
package import VoiceConfiguration

/// What the query of `/asr/stream` asks for.
package struct ListenParameters: Sendable, Hashable {
    /// Rates a client may send, in Hz.
    static let sampleRates = 8_000.0...48_000.0

    package var sampleRate = 16_000
    package var options: RecognitionOptions
    /// Whether an `eou` leaves the stream open.
    package var isMultiUtterance = false
    /// Whether pauses are announced by `vad_endpoint`.
    package var announcesPauses = false

    /// - Parameters:
    ///   - query: of the handshake; names that are not known are left alone, as the served clients send some.
    ///   - defaults: what holds where the query says nothing.
    /// - Throws: ``ListenFault`` naming the parameter and what it takes.
    package init(_ query: [String: String], defaults: Configuration.ASR) throws(ListenFault) {
        var endpointing = Endpointing(defaults)
        if let rate = try Self.number("sample_rate", query, in: Self.sampleRates) {
            guard let whole = Int(exactly: rate) else { throw Self.fault("sample_rate", "a whole number of Hz") }
            sampleRate = whole
        }
        if let silence = try Self.number("vad_silence_ms", query, in: 100...10_000) {
            endpointing.minimumSilence = silence / 1000
        }
        if let threshold = try Self.number("vad_threshold", query, in: 0.05...0.95) {
            endpointing.threshold = Float(threshold)
            endpointing.releaseThreshold = max(0.01, Float(threshold) - 0.15)
        }
        if let speech = try Self.number("vad_min_speech_ms", query, in: 0...5_000) {
            endpointing.minimumSpeech = speech / 1000
        }
        if let preRoll = try Self.number("vad_pre_roll_ms", query, in: 0...1_000) {
            endpointing.preRoll = preRoll / 1000
        }
        options = RecognitionOptions(language: try Self.language(query["language"] ?? defaults.language ?? "auto"))
        options.endpointing = endpointing
        options.partials = try Self.flag("partials", query) ?? true
        options.translates = try Self.translates(query["task"] ?? "")
        if let prompt = query["prompt"], !prompt.isEmpty { options.prompt = prompt }
        if let detector = query["vad"] {
            // Every name that the served clients send; there is one detector.
            guard ["silero", "webrtc", "webrtcvad", "auto", "none", "off"].contains(detector) else {
                throw Self.fault("vad", "silero or none")
            }
            options.detectsEndpoints = !["none", "off"].contains(detector)
            announcesPauses = options.detectsEndpoints
            isMultiUtterance = true
        }
        if let isMulti = try Self.flag("multi_utterance", query) { isMultiUtterance = isMulti }
    }

    private static func fault(_ name: String, _ wanted: String) -> ListenFault {
        ListenFault("invalid_parameter", "\(name) is \(wanted)", closing: 1007)
    }

    private static func language(_ text: String) throws(ListenFault) -> Language? {
        if text.isEmpty || text.lowercased() == "auto" { return nil }
        guard let language = Language(text) else {
            throw fault("language", "a name such as Chinese, a code such as zh or zh_CN, or auto")
        }
        return language
    }

    private static func translates(_ task: String) throws(ListenFault) -> Bool {
        guard ["", "transcribe", "translate"].contains(task) else { throw fault("task", "transcribe or translate") }
        return task == "translate"
    }

    private static func number(
        _ name: String,
        _ query: [String: String],
        in range: ClosedRange<Double>
    ) throws(ListenFault) -> Double? {
        guard let text = query[name], !text.isEmpty else { return nil }
        guard let value = Double(text), range.contains(value) else {
            throw fault(name, "a number from \(shown(range.lowerBound)) to \(shown(range.upperBound))")
        }
        return value
    }

    private static func flag(_ name: String, _ query: [String: String]) throws(ListenFault) -> Bool? {
        guard let text = query[name], !text.isEmpty else { return nil }
        if ["1", "true", "yes", "on"].contains(text.lowercased()) { return true }
        if ["0", "false", "no", "off"].contains(text.lowercased()) { return false }
        throw fault(name, "true or false")
    }
}

/// A bound without a needless fraction: `8000`, `0.05`.
private func shown(_ number: Double) -> String { number == number.rounded() ? String(Int(number)) : String(number) }

extension Endpointing {
    /// The endpointing that the configuration asks for.
    init(_ asr: Configuration.ASR) {
        self.init()
        threshold = Float(asr.vadThreshold)
        releaseThreshold = max(0.01, threshold - 0.15)
        minimumSilence = asr.vadSilenceSeconds
        minimumSpeech = asr.vadMinimumSpeechSeconds
        preRoll = asr.vadPreRollSeconds
    }
}
