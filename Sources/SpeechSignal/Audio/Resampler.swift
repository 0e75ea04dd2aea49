import CSoxr

/// Changes the sample rate of one channel, in blocks of any size, by libsoxr at high quality (20-bit, linear phase).
///
/// However the input is cut into blocks, the output is the same to the bit. Equal rates pass through untouched. Used by
/// one task at a time.
package final class Resampler {
    /// Hz.
    package let inputRate: Int
    /// Hz.
    package let outputRate: Int
    /// Nil where the rates are equal.
    private let soxr: OpaquePointer?

    /// A resampler at the start of a sound.
    ///
    /// - Throws: `badSampleRate` when a rate is not positive or libsoxr cannot make this step.
    package init(from inputRate: Int, to outputRate: Int) throws(AudioError) {
        self.inputRate = inputRate
        self.outputRate = outputRate
        guard inputRate > 0, outputRate > 0 else {
            throw AudioError(
                .badSampleRate,
                "cannot resample from \(inputRate) to \(outputRate) Hz; rates must be positive"
            )
        }
        if inputRate == outputRate {
            soxr = nil
            return
        }
        var reason: soxr_error_t?
        var quality = soxr_quality_spec(UInt(SOXR_HQ), 0)
        var runtime = soxr_runtime_spec(1)
        soxr = soxr_create(Double(inputRate), Double(outputRate), 1, &reason, nil, &quality, &runtime)
        if soxr == nil || reason != nil {
            let words = reason.map { String(cString: $0) } ?? "no reason given"
            throw AudioError(.badSampleRate, "cannot resample from \(inputRate) to \(outputRate) Hz: \(words)")
        }
    }

    deinit {
        if let soxr { soxr_delete(soxr) }
    }

    /// Takes the next samples and returns what is ready; the filter keeps some tens of milliseconds back.
    package func process(_ samples: [Float]) -> [Float] {
        guard let soxr, !samples.isEmpty else { return samples }
        let expected = Int(Double(samples.count) * Double(outputRate) / Double(inputRate)) + 64
        var output: [Float] = []
        var used = 0
        samples.withUnsafeBufferPointer { input in
            while let start = input.baseAddress, used < input.count {
                var taken = 0
                let block = Self.block(expected) {
                    var made = 0
                    soxr_process(soxr, start + used, input.count - used, &taken, $0, expected, &made)
                    return made
                }
                used += taken
                output = output.isEmpty ? block : output + block
                if taken == 0, block.isEmpty { break }
            }
        }
        return output
    }

    /// Ends the sound and returns the samples that were kept back. The next ``process(_:)`` starts a new sound.
    package func finish() -> [Float] {
        guard let soxr else { return [] }
        var output: [Float] = []
        while true {
            let block = Self.block(4096) {
                var made = 0
                soxr_process(soxr, nil, 0, nil, $0, 4096, &made)
                return made
            }
            if block.isEmpty { break }
            output += block
        }
        soxr_clear(soxr)
        return output
    }

    /// Resamples a whole sound at once.
    ///
    /// - Returns: `samples.count · outputRate / inputRate` samples, rounded.
    /// - Throws: as ``init(from:to:)``.
    package static func resample(
        _ samples: [Float],
        from inputRate: Int,
        to outputRate: Int
    ) throws(AudioError) -> [Float] {
        let resampler = try Resampler(from: inputRate, to: outputRate)
        return resampler.process(samples) + resampler.finish()
    }

    private static func block(_ capacity: Int, _ fill: (UnsafeMutablePointer<Float>?) -> Int) -> [Float] {
        [Float](unsafeUninitializedCapacity: capacity) { buffer, initialized in
            initialized = fill(buffer.baseAddress)
        }
    }
}
