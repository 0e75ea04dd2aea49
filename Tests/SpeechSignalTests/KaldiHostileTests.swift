import Foundation
import SpeechSignal
import Testing

@Suite("The Kaldi front end answers bad sound and bad settings")
struct KaldiHostileTests {
    private static let forms: [KaldiFrontEnd.Config] = {
        var reflected = KaldiFrontEnd.Config()
        reflected.fbank.frame.edges = .reflect
        var rows = KaldiFrontEnd.Config()
        rows.lfr = .offline
        var streaming = KaldiFrontEnd.Config()
        streaming.lfr = .streaming
        return [KaldiFrontEnd.Config(), reflected, rows, streaming, .seedParaformer]
    }()

    @Test("an empty sound has no rows", arguments: forms)
    func empty(form: KaldiFrontEnd.Config) throws {
        let frontEnd = try KaldiFrontEnd(form)
        #expect(frontEnd.features(of: []).isEmpty)
        var stream = frontEnd.makeStream()
        for _ in 0..<3 { stream.accept([]) }
        stream.finish()
        stream.finish()
        stream.accept([0.5])
        #expect(stream.rowCount == 0)
        #expect(stream.isFinished)
    }

    @Test("a sound shorter than a frame has none, unless the form fills it up", arguments: [1, 79, 80, 399, 400, 401])
    func short(count: Int) throws {
        let sound = sine(440, rate: 16_000, count: count)
        #expect(try KaldiFrontEnd(Self.forms[0]).features(of: sound).count == (count < 400 ? 0 : 80))
        #expect(try KaldiFrontEnd(Self.forms[2]).features(of: sound).count == (count < 400 ? 0 : 560))
        let reflected = try KaldiFrontEnd(Self.forms[1]).features(of: sound)
        #expect(reflected.count == (count + 80) / 160 * 80)
        #expect(reflected.allSatisfy { $0.isFinite })
        let fbank = try Fbank(.seedParaformer)
        #expect(fbank.features(of: sound).count == 80)
        #expect(fbank.frameCount(samples: count) == 1)
    }

    @Test("samples that are no sound are silence or the loudest, never a feature that is not finite", arguments: forms)
    func notNumbers(form: KaldiFrontEnd.Config) throws {
        let frontEnd = try KaldiFrontEnd(form)
        var sound = sine(300, rate: 16_000, count: 8_000)
        let odd: [Float] = [
            .nan, .infinity, -.infinity, .signalingNaN, .greatestFiniteMagnitude, -1e30, .leastNonzeroMagnitude,
        ]
        for (index, value) in odd.enumerated() { sound[1_000 * index + 17] = value }
        #expect(frontEnd.features(of: sound).allSatisfy { $0.isFinite })
        #expect(frontEnd.features(of: [Float](repeating: .infinity, count: 8_000)).allSatisfy { $0.isFinite })

        let nothing = frontEnd.features(of: [Float](repeating: .nan, count: 8_000))
        #expect(distance(nothing, frontEnd.features(of: [Float](repeating: 0, count: 8_000))) == 0)
    }

    @Test("digital silence is the floor, and nothing where it is normalized by itself")
    func silence() throws {
        let silence = [Float](repeating: 0, count: 16_000)
        let floor = Float(log(Double(Float.ulpOfOne)))
        #expect(try Fbank().features(of: silence).allSatisfy { abs($0 - floor) <= 1e-5 })
        #expect(try KaldiFrontEnd(.seedParaformer).features(of: silence).allSatisfy { $0 == 0 })
    }

    @Test("a sound that never ends takes the memory of what was not dropped")
    func endless() throws {
        var stream = try KaldiFrontEnd(Self.forms[3]).makeStream()
        let second = sine(200, rate: 16_000, count: 16_000)
        for _ in 0..<600 {
            stream.accept(second)
            stream.drop(before: stream.rowCount)
        }
        #expect(stream.frameCount == 59_998)
        #expect(stream.rowCount == 9_999)
        stream.drop(before: 1_000_000)
        stream.accept(second)
        #expect(stream.rowCount == 10_016)
    }

    @Test(
        "settings that make no sense are named",
        arguments: [
            (#"{"fbank": {"sampleRate": 0}}"#, "sampleRate"),
            (#"{"fbank": {"scale": 0}}"#, "scale"),
            (#"{"fbank": {"frame": {"length": 0.01}}}"#, "frame.length"),
            (#"{"fbank": {"frame": {"length": 1e300}}}"#, "frame.length"),
            (#"{"fbank": {"frame": {"shift": -10}}}"#, "frame.shift"),
            (#"{"fbank": {"frame": {"preEmphasis": 1.5}}}"#, "frame.preEmphasis"),
            (#"{"fbank": {"mel": {"bins": 0}}}"#, "mel.bins"),
            (#"{"fbank": {"mel": {"highest": 9000}}}"#, "mel.highest"),
            (#"{"fbank": {"mel": {"lowest": 8000}}}"#, "mel.lowest"),
            (#"{"fbank": {"mel": {"floor": 0}}}"#, "mel.floor"),
            (#"{"fbank": {}, "lfr": {"window": 0}}"#, "window"),
            (#"{"fbank": {}, "lfr": {"shift": 0}}"#, "shift"),
            (#"{"fbank": {}, "lfr": {"left": 7}}"#, "left"),
            (#"{"fbank": {}, "preRoll": -1}"#, "preRoll"),
        ]
    )
    func badSettings(text: String, word: String) throws {
        let config = try JSONDecoder().decode(KaldiFrontEnd.Config.self, from: Data(text.utf8))
        let error = try #require(throws: KaldiFrontEndError.self) { try KaldiFrontEnd(config) }
        #expect(error.code == .badSettings)
        #expect(error.message.contains(word), "\(error)")
    }

    @Test(
        "a misspelled key is an error, and so is dither",
        arguments: [
            #"{"fbanks": {}}"#, #"{"fbank": {"frame": {"windwo": "povey"}}}"#, #"{"fbank": {"mel": {"nbins": 80}}}"#,
            #"{"fbank": {"frame": {"window": "kaiser"}}}"#, #"{"lfr": {"step": 6}}"#, #"{"fbank": {"dither": 1}}"#,
            #"{"normalization": "global"}"#,
        ]
    )
    func badKeys(text: String) {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(KaldiFrontEnd.Config.self, from: Data(text.utf8))
        }
    }

    @Test("what a bundle leaves out is FunASR's")
    func defaults() throws {
        let text = #"{"fbank": {"dither": 0}, "lfr": {}, "normalization": "given"}"#
        #expect(try JSONDecoder().decode(KaldiFrontEnd.Config.self, from: Data(text.utf8)) == .offline)
    }
}
