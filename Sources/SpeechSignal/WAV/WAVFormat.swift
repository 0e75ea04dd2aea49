/// How the samples of a WAV file are stored.
struct WAVFormat: Equatable {
    enum Encoding: Equatable {
        case unsigned8, signed16, signed24, signed32, float32, float64, aLaw, muLaw

        /// Bytes of one sample of one channel.
        var width: Int {
            switch self {
            case .unsigned8, .aLaw, .muLaw: 1
            case .signed16: 2
            case .signed24: 3
            case .signed32, .float32: 4
            case .float64: 8
            }
        }
    }

    var encoding: Encoding
    var sampleRate: Int
    var channels: Int

    /// Bytes of one frame: one sample of every channel.
    var frameBytes: Int { encoding.width * channels }

    /// Decodes whole frames: interleaved samples in [-1, 1].
    ///
    /// Integers are divided by 2^(bits - 1), floats are clamped, what is not finite becomes 0.
    func decode(_ bytes: UnsafeRawBufferPointer) -> [Float] {
        let count = bytes.count / encoding.width
        return [Float](unsafeUninitializedCapacity: count) { samples, initialized in
            decode(bytes, into: samples, count: count)
            initialized = count
        }
    }

    private func decode(_ bytes: UnsafeRawBufferPointer, into samples: UnsafeMutableBufferPointer<Float>, count: Int) {
        func each(_ sample: (Int) -> Float) {
            for index in 0..<count { samples.initializeElement(at: index, to: sample(index)) }
        }
        func word<T: FixedWidthInteger>(_ index: Int, _: T.Type) -> T {
            T(littleEndian: bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<T>.size, as: T.self))
        }
        switch encoding {
        case .unsigned8: each { (Float(bytes[$0]) - 128) / 128 }
        case .signed16: each { Float(word($0, Int16.self)) / 32_768 }
        case .signed24:
            each { index in
                let low = UInt32(bytes[index * 3]) << 8
                let middle = UInt32(bytes[index * 3 + 1]) << 16
                let high = UInt32(bytes[index * 3 + 2]) << 24
                return Float(Int32(bitPattern: high | middle | low)) / 2_147_483_648
            }
        case .signed32: each { Float(word($0, Int32.self)) / 2_147_483_648 }
        case .float32: each { Float(bitPattern: word($0, UInt32.self)).soundSample }
        case .float64: each { Float(Double(bitPattern: word($0, UInt64.self))).soundSample }
        case .aLaw: each { G711.aLaw(bytes[$0]) }
        case .muLaw: each { G711.muLaw(bytes[$0]) }
        }
    }
}

extension Float {
    /// The value a loudspeaker could play: clamped to [-1, 1], 0 for what is not a finite number.
    var soundSample: Float {
        isFinite ? Swift.min(1, Swift.max(-1, self)) : 0
    }
}

/// The telephone's logarithmic samples (ITU-T G.711), as fractions of full scale in [-1, 1].
enum G711 {
    /// Mu-law: sign, 3 bits of exponent, 4 of mantissa, all inverted; 14-bit magnitudes with a bias of 33.
    static func muLaw(_ byte: UInt8) -> Float {
        let code = ~byte
        let exponent = Int32(code >> 4 & 7)
        let magnitude = (Int32(code & 15) * 2 + 33) << exponent - 33
        return Float(code & 0x80 == 0 ? magnitude : -magnitude) / 8_192
    }

    /// A-law: sign, 3 bits of exponent, 4 of mantissa, every second bit inverted; 13-bit magnitudes, linear near zero.
    static func aLaw(_ byte: UInt8) -> Float {
        let code = byte ^ 0x55
        let exponent = Int32(code >> 4 & 7)
        let mantissa = Int32(code & 15) * 2 + 1
        let magnitude = exponent == 0 ? mantissa : (mantissa + 32) << (exponent - 1)
        return Float(code & 0x80 == 0 ? -magnitude : magnitude) / 4_096
    }
}
