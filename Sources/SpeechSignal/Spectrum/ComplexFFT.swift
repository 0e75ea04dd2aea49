import Glibc

/// A forward complex Fourier transform whose size has no prime factors but 2, 3 and 5.
///
/// Stockham's self-sorting algorithm, decimation in frequency (C. Van Loan, Computational Frameworks for the Fast
/// Fourier Transform, 1992, §1.7): each stage reads one buffer and writes the other, so nothing is ever reordered.
struct ComplexFFT: Sendable {
    private struct Stage: Sendable {
        var radix: Int
        /// Transforms still to split, and how many of them lie side by side.
        var length: Int
        var stride: Int
        /// Index of the stage's first factor in `factors`.
        var firstFactor: Int
    }

    let size: Int
    private let stages: [Stage]
    /// Per stage, for each p in 0..<length / radix: exp(-2πi·j·p / length) for j in 1..<radix.
    private let factors: [ComplexLane<Float>]

    /// Nil when another prime divides the size.
    init?(size: Int) {
        guard size > 0 else { return nil }
        var stages: [Stage] = []
        var factors: [ComplexLane<Float>] = []
        var length = size
        while length > 1 {
            guard let radix = [4, 5, 3, 2].first(where: { length % $0 == 0 }) else { return nil }
            stages.append(Stage(radix: radix, length: length, stride: size / length, firstFactor: factors.count))
            for index in 0..<length / radix {
                for turn in 1..<radix { factors.append(.root(turn * index, of: length)) }
            }
            length /= radix
        }
        self.size = size
        self.stages = stages
        self.factors = factors
    }

    /// Transforms `size` values.
    ///
    /// - Parameters:
    ///   - values: the input; overwritten.
    ///   - scratch: as large; overwritten.
    /// - Returns: whichever of the two holds the result.
    func transform<Lane: SignalLane>(
        _ values: UnsafeMutablePointer<ComplexLane<Lane>>,
        _ scratch: UnsafeMutablePointer<ComplexLane<Lane>>
    ) -> UnsafeMutablePointer<ComplexLane<Lane>> {
        var source = values
        var target = scratch
        factors.withUnsafeBufferPointer { factors in
            guard let factors = factors.baseAddress else { return }
            for stage in stages {
                let pass = Pass(stage: stage, factors: factors + stage.firstFactor, source: source, target: target)
                switch stage.radix {
                case 2: pass.radix2()
                case 3: pass.radix3()
                case 4: pass.radix4()
                default: pass.radix5()
                }
                swap(&source, &target)
            }
        }
        return source
    }

    /// One stage: splits every transform of `length` into `radix` of `length / radix`.
    private struct Pass<Lane: SignalLane> {
        typealias Value = ComplexLane<Lane>
        let count: Int
        let stride: Int
        let factors: UnsafePointer<ComplexLane<Float>>
        let source: UnsafeMutablePointer<Value>
        let target: UnsafeMutablePointer<Value>
        /// Distance in `source` between the values of one butterfly.
        let span: Int

        init(
            stage: Stage,
            factors: UnsafePointer<ComplexLane<Float>>,
            source: UnsafeMutablePointer<Value>,
            target: UnsafeMutablePointer<Value>
        ) {
            count = stage.length / stage.radix
            stride = stage.stride
            span = count * stride
            self.factors = factors
            self.source = source
            self.target = target
        }

        @inline(__always)
        func radix2() {
            for p in 0..<count {
                let factor = factors[p]
                for q in 0..<stride {
                    let input = source + (q + stride * p)
                    let output = target + (q + stride * 2 * p)
                    let (a, b) = (input[0], input[span])
                    output[0] = a + b
                    output[stride] = (a - b).times(factor)
                }
            }
        }

        @inline(__always)
        func radix3() {
            let sine = Float(3).squareRoot() / 2
            for p in 0..<count {
                let factor = factors + 2 * p
                for q in 0..<stride {
                    let input = source + (q + stride * p)
                    let output = target + (q + stride * 3 * p)
                    let a = input[0]
                    let sum = input[span] + input[2 * span]
                    let side = ((input[span] - input[2 * span]) * sine).turnedRight
                    let middle = a - sum * 0.5
                    output[0] = a + sum
                    output[stride] = (middle + side).times(factor[0])
                    output[2 * stride] = (middle - side).times(factor[1])
                }
            }
        }

        @inline(__always)
        func radix4() {
            for p in 0..<count {
                let factor = factors + 3 * p
                for q in 0..<stride {
                    let input = source + (q + stride * p)
                    let output = target + (q + stride * 4 * p)
                    let even = input[0] + input[2 * span]
                    let evenSide = input[0] - input[2 * span]
                    let odd = input[span] + input[3 * span]
                    let oddSide = (input[span] - input[3 * span]).turnedRight
                    output[0] = even + odd
                    output[stride] = (evenSide + oddSide).times(factor[0])
                    output[2 * stride] = (even - odd).times(factor[1])
                    output[3 * stride] = (evenSide - oddSide).times(factor[2])
                }
            }
        }

        @inline(__always)
        func radix5() {
            let (first, second) = (ComplexLane<Float>.root(1, of: 5), ComplexLane<Float>.root(2, of: 5))
            for p in 0..<count {
                let factor = factors + 4 * p
                for q in 0..<stride {
                    let input = source + (q + stride * p)
                    let output = target + (q + stride * 5 * p)
                    let a = input[0]
                    let outer = input[span] + input[4 * span]
                    let inner = input[2 * span] + input[3 * span]
                    let outerSide = (input[span] - input[4 * span]).turnedRight
                    let innerSide = (input[2 * span] - input[3 * span]).turnedRight
                    let near = a + outer * first.real + inner * second.real
                    let far = a + outer * second.real + inner * first.real
                    let nearSide = outerSide * -first.imaginary + innerSide * -second.imaginary
                    let farSide = outerSide * -second.imaginary + innerSide * first.imaginary
                    output[0] = a + outer + inner
                    output[stride] = (near + nearSide).times(factor[0])
                    output[2 * stride] = (far + farSide).times(factor[1])
                    output[3 * stride] = (far - farSide).times(factor[2])
                    output[4 * stride] = (near - nearSide).times(factor[3])
                }
            }
        }
    }
}

extension ComplexLane<Float> {
    /// exp(-2πi·turn / count), computed in double precision.
    static func root(_ turn: Int, of count: Int) -> Self {
        let angle = -2 * Double.pi * Double(turn % count) / Double(count)
        return Self(Float(cos(angle)), Float(sin(angle)))
    }
}
