package import ModelStore
package import VoiceConfiguration

extension Configuration {
    /// Models of the catalog that the server loads; those that a backend of the seed chooses are not among them.
    /// - Parameter catalog: where the models are that are taken when none is named.
    /// - Returns: ids of the recognizer, the speech detector and the voice, as far as they are on.
    package func servedModels(in catalog: Catalog) -> [String] {
        var ids: [String?] = []
        if asr.isEnabled {
            if [nil, .whisper].contains(asr.backend) { ids.append(asr.model ?? catalog.defaultEntry(for: .asr)?.id) }
            ids.append(catalog.defaultEntry(for: .vad)?.id)
        }
        if tts.isEnabled, [nil, .piper].contains(tts.backend) {
            ids.append(tts.model ?? catalog.defaultEntry(for: .tts)?.id)
        }
        return ids.compactMap { $0 }
    }
}
