import Speech
import Transport

extension SpeechRequest {
    /// How the loaded voice speaks this; text by text is set later.
    /// - Throws: 422 naming the parameter that this model cannot follow, and what it can.
    func utterance(for voice: SpeechCatalog.Synthesis) throws(HTTPFailure) -> Utterance {
        let model = voice.synthesizer
        let name = try chosenVoice(of: model)
        return Utterance("", voice: name, speed: Float(speed), seed: seed, latency: latency)
    }

    private func chosenVoice(of model: any SpeechSynthesizer) throws(HTTPFailure) -> String? {
        let voices = model.voices
        if let sid, !voices.indices.contains(sid) {
            throw .invalid("sid", "sid is a whole number from 0 to \(max(0, voices.count - 1))")
        }
        var chosen = sid.map { voices[$0] }
        if let name = voice {
            let named =
                voices.first { $0.name == name } ?? voices.first { $0.name.lowercased() == name.lowercased() }
            guard let named else {
                let known = Self.list(voices.map(\.name))
                throw .invalid("voice", "there is no voice \"\(name.prefix(40))\"; there is \(known)")
            }
            guard chosen == nil || chosen == named else {
                throw .invalid("sid", "sid \(sid ?? 0) and voice \(named.name) are different voices; give one of them")
            }
            chosen = named
        }
        guard let language else { return chosen?.name }
        if let chosen, chosen.languages.contains(language) { return chosen.name }
        let speakers = chosen == nil ? voices.filter { $0.languages.contains(language) } : []
        // Of several the one of the region that was named.
        let native = speakers.first { $0.languages.contains { $0.tag == language.tag } }
        if let speaker = native ?? speakers.first { return speaker.name }
        var known: [String] = []
        for language in (chosen.map { [$0] } ?? voices).flatMap(\.languages) where !known.contains(language.name) {
            known.append(language.name)
        }
        throw .invalid("language", "\(language.name) is not spoken here; there is \(Self.list(known))")
    }

    private static func list(_ names: [String]) -> String {
        names.prefix(12).joined(separator: ", ") + (names.count > 12 ? ", ..." : "")
    }
}
