import Foundation
import SpeechSignal
import Testing

/// Cases made by ModelPrep/signal/kaldi_golden.py.
struct KaldiGolden: Decodable {
    struct Case: Decodable, CustomTestStringConvertible, Sendable {
        var name: String
        var signal: String
        var frontEnd: KaldiFrontEnd.Config
        var rows: Int
        var width: Int
        /// The file holds every so many rows.
        var step: Int
        var tolerance: Float

        var testDescription: String { name }

        func samples() throws -> [Float] {
            try KaldiGolden.signal(signal)
        }

        func makeFrontEnd() throws -> KaldiFrontEnd {
            try KaldiFrontEnd(frontEnd, statistics: try KaldiGolden.statistics())
        }

        func golden() throws -> [Float] {
            try Fixture.floats("Kaldi/\(name).f32")
        }
    }

    var cases: [Case]

    static let all =
        (try? JSONDecoder().decode(KaldiGolden.self, from: Data(Fixture.bytes("Kaldi/cases.json"))))?.cases ?? []

    static func named(_ name: String) throws -> Case {
        try #require(all.first { $0.name == name })
    }

    static func signal(_ name: String) throws -> [Float] {
        try MonoReader(AudioReader(path: Fixture.path(name))).readAll(maximumFrames: 100_000)
    }

    static func statistics() throws -> CMVN {
        try CMVN(shift: Fixture.floats("Kaldi/neg_mean.f32"), scale: Fixture.floats("Kaldi/inv_stddev.f32"))
    }
}
