import Inference

extension ModelLoader {
    /// Utterances of a long recording that are decoded side by side: as many as threads, where memory is free.
    package var parallelUtterances: Int {
        Self.parallelUtterances(threads: settings.threads, free: HostMemory.spareBytes())
    }

    /// - Parameters:
    ///   - threads: those that work on one graph.
    ///   - free: bytes of memory that may be taken; nil where the system does not say.
    /// - Returns: at least 1.
    package static func parallelUtterances(threads: Int, free: Int?) -> Int {
        guard let free else { return 1 }
        return max(1, min(threads, 1 + free / utteranceBytes))
    }

    /// Memory that has to be free for each further utterance. Half a minute takes Whisper base 0.33 GB at its peak, and
    /// in larger ones keys and values grow with layers and channels: 0.5 GB for large's decoder alone.
    private static let utteranceBytes = 2 << 30
}
