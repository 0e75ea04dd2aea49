extension KaldiFrontEnd {
    /// The front end of a SenseVoice or Paraformer graph in sherpa-onnx's layout, by the graph's metadata: `neg_mean`,
    /// `inv_stddev`, `lfr_window_size`, `lfr_window_shift`, and `normalize_samples`, whose 1 means samples in [-1, 1].
    ///
    /// sherpa-onnx ends the process where one is missing; here it is an error.
    ///
    /// - Parameters:
    ///   - metadata: all of it; other keys are not looked at.
    ///   - isStreaming: whether the graph is streaming Paraformer's encoder, whose rows have nothing in front.
    /// - Throws: `badSettings` or `badStatistics` with the key that is missing or cannot be read.
    package init(metadata: [String: String], isStreaming: Bool) throws(KaldiFrontEndError) {
        func value(_ key: String, _ code: KaldiFrontEndError.Code) throws(KaldiFrontEndError) -> String {
            guard let value = metadata[key] else {
                throw KaldiFrontEndError(code, "the graph's metadata has no \(key)")
            }
            return value
        }
        func number(_ key: String) throws(KaldiFrontEndError) -> Int {
            let text = try value(key, .badSettings)
            guard let number = Int(text), 1...64 ~= number else {
                let shown = text.prefix(20).debugDescription
                throw KaldiFrontEndError(.badSettings, "the graph's metadata says \(key) \(shown), not 1 to 64")
            }
            return number
        }
        var config = isStreaming ? Config.streaming : .offline
        var lfr = isStreaming ? LFR.streaming : .offline
        lfr.window = try number("lfr_window_size")
        lfr.shift = try number("lfr_window_shift")
        if !isStreaming { lfr.left = (lfr.window - 1) / 2 }
        config.lfr = lfr
        if metadata["normalize_samples"] == "1" { config.fbank.scale = 1 }
        let statistics = try CMVN(
            negMean: value("neg_mean", .badStatistics),
            invStddev: value("inv_stddev", .badStatistics)
        )
        try self.init(config, statistics: statistics)
    }
}
