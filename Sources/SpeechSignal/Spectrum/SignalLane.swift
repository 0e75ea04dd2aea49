/// One value of a signal, or the values of several signals side by side: the same arithmetic transforms one frame
/// (`Float`) or four at once (`SIMD4<Float>`).
protocol SignalLane: Sendable {
    static var zero: Self { get }
    static func + (left: Self, right: Self) -> Self
    static func - (left: Self, right: Self) -> Self
    static func * (left: Self, right: Self) -> Self
    static func * (left: Self, right: Float) -> Self
}

extension Float: SignalLane {}

extension SIMD4<Float>: SignalLane {
    static func * (left: Self, right: Float) -> Self { left * Self(repeating: right) }
}

/// A complex number, or several side by side.
struct ComplexLane<Lane: SignalLane>: Sendable {
    var real: Lane
    var imaginary: Lane

    @inline(__always)
    init(_ real: Lane, _ imaginary: Lane) {
        self.real = real
        self.imaginary = imaginary
    }

    @inline(__always)
    static func + (left: Self, right: Self) -> Self {
        Self(left.real + right.real, left.imaginary + right.imaginary)
    }

    @inline(__always)
    static func - (left: Self, right: Self) -> Self {
        Self(left.real - right.real, left.imaginary - right.imaginary)
    }

    @inline(__always)
    static func * (left: Self, scale: Float) -> Self {
        Self(left.real * scale, left.imaginary * scale)
    }

    @inline(__always)
    func times(_ factor: ComplexLane<Float>) -> Self {
        Self(
            real * factor.real - imaginary * factor.imaginary,
            real * factor.imaginary + imaginary * factor.real
        )
    }

    /// The number times -i.
    @inline(__always)
    var turnedRight: Self { Self(imaginary, Lane.zero - real) }
}
