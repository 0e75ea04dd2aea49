package import SpeechSignal

extension KaldiFrontEnd: FeatureRows {
    package var join: (frames: Int, shift: Int) { (config.lfr?.window ?? 1, config.lfr?.shift ?? 1) }
    package var frame: (length: Int, shift: Int) { (config.fbank.frameLength, config.fbank.frameShift) }
    package var lead: Int { Int(config.preRoll * Double(sampleRate)) }
    package func rows(of samples: [Float]) -> [Float] { features(of: samples) }
    package func stream() -> any RowStream { makeStream() }
}

extension KaldiFrontEndStream: RowStream {
    package func rows(_ numbers: Range<Int>) -> [Float] { self[numbers] }
    package mutating func forget(before row: Int) { drop(before: row) }
}
