import Foundation
import SpeechSignal
import Testing

@Suite("The real Fourier transform is the definition's")
struct RealFFTTests {
    /// The definition, term by term, in double precision.
    private func definition(_ frame: [Float]) -> [(real: Double, imaginary: Double)] {
        (0...frame.count / 2).map { bin in
            var sum = (real: 0.0, imaginary: 0.0)
            for (index, sample) in frame.enumerated() {
                let angle = -2 * Double.pi * Double(bin * index % frame.count) / Double(frame.count)
                sum.real += Double(sample) * cos(angle)
                sum.imaginary += Double(sample) * sin(angle)
            }
            return sum
        }
    }

    @Test(
        "within 1e-6 of the largest value",
        arguments: [2, 4, 6, 10, 12, 30, 90, 128, 250, 400, 480, 512, 900, 1_024]
    )
    func matchesDefinition(size: Int) throws {
        let fft = try #require(RealFFT(size: size))
        var numbers = SeededNumbers(seed: UInt64(size))
        let frame = (0..<size).map { _ in Float.random(in: -1...1, using: &numbers) }
        var real = [Float](repeating: .nan, count: fft.spectrumCount)
        var imaginary = real
        var workspace = fft.makeWorkspace()
        let expected = definition(frame)
        let largest = expected.map { max(abs($0.real), abs($0.imaginary)) }.max() ?? 1
        for _ in 0..<2 {
            fft.spectrum(of: frame, real: &real, imaginary: &imaginary, using: &workspace)
            for (bin, value) in expected.enumerated() {
                #expect(abs(Double(real[bin]) - value.real) <= 1e-6 * largest)
                #expect(abs(Double(imaginary[bin]) - value.imaginary) <= 1e-6 * largest)
            }
        }
    }

    @Test("sizes it cannot do are refused", arguments: [0, -4, 7, 14, 22, 401])
    func refuses(size: Int) {
        #expect(RealFFT(size: size) == nil)
    }
}
