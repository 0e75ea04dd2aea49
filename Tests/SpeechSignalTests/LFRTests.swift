import SpeechSignal
import Testing

@Suite("Frames become rows")
struct LFRTests {
    /// FunASR's `apply_lfr`, row by row on frame numbers; nil for a frame of zeros.
    private func expected(_ lfr: LFR, frames: Int) -> [[Int?]] {
        let padded = Array(repeating: 0, count: lfr.left) + Array(0..<frames)
        var rows: [[Int?]] = []
        for start in stride(from: 0, to: frames, by: lfr.shift) {
            var row = padded[min(start, padded.count)..<min(start + lfr.window, padded.count)].map(Int?.some)
            if row.count < lfr.window, lfr.tail == .dropped { break }
            while row.count < lfr.window { row.append(lfr.tail == .repeated ? frames - 1 : nil) }
            rows.append(row)
        }
        return rows
    }

    /// Rows of a front end with one filter a frame over a ramp, in frame numbers.
    private func rows(_ lfr: LFR, frames: Int) throws -> [[Int?]] {
        var config = KaldiFrontEnd.Config()
        config.lfr = lfr
        config.fbank.mel.bins = 4
        let frontEnd = try KaldiFrontEnd(config)
        // Each frame is louder than the one before: its values tell its number.
        let samples = (0..<400 + 160 * (frames - 1)).map { (index: Int) -> Float in
            let noise = Float((index * 7_919) % 101 - 50) / 1_000
            return noise * Float(1 + index / 160)
        }
        let single = try Fbank(config.fbank).features(of: samples)
        let values = frontEnd.features(of: samples)
        func number(_ place: Int) -> Int? {
            (0..<frames).first { Array(single[4 * $0..<4 * $0 + 4]) == Array(values[place..<place + 4]) }
        }
        return stride(from: 0, to: values.count, by: 4 * lfr.window).map { (row: Int) -> [Int?] in
            (0..<lfr.window).map { number(row + 4 * $0) }
        }
    }

    @Test("of 1 to 30 frames, in every form", arguments: [LFR.offline, .streaming, .seedParaformer])
    func likeTheReference(form: LFR) throws {
        for tail in LFR.Tail.allCases {
            var lfr = form
            lfr.tail = tail
            for frames in 1...30 {
                let expected = expected(lfr, frames: frames)
                #expect(try rows(lfr, frames: frames) == expected, "\(frames) frames, \(tail)")
                #expect(lfr.rowCount(frames: frames, isFinished: true) == expected.count)
            }
        }
    }

    @Test("a row that is whole before the end is the row it is at the end")
    func early() {
        for lfr in [LFR.offline, .streaming, .seedParaformer] {
            for frames in 0...50 {
                let early = lfr.rowCount(frames: frames, isFinished: false)
                #expect(early <= lfr.rowCount(frames: frames, isFinished: true))
                if early > 0 { #expect(lfr.frames(ofRow: early - 1).upperBound <= frames) }
                #expect(lfr.frames(ofRow: early).upperBound > frames)
            }
        }
    }

    @Test("a chunk of 61 frames makes the ten rows of streaming Paraformer")
    func chunk() {
        #expect(LFR.streaming.rowCount(frames: 61, isFinished: false) == 10)
        #expect(LFR.streaming.frames(ofRow: 9) == 54..<61)
        #expect(LFR.streaming.frames(ofRow: 10) == 60..<67)
    }
}
