/// Low frame rate: each row is several frames side by side, and the next row begins several frames later.
///
/// Port of: `apply_lfr` in FunASR's `wav_frontend.py`, exactly. The 7 frames every 6 of SenseVoice and Paraformer make one row
/// of 560 values every 60 ms. Rows depend on the frames' numbers alone, so they are the same however the sound arrives.
package struct LFR: Sendable, Equatable {
    /// Frames of a row, 1 to 64.
    package var window = 7
    /// Frames from one row to the next, 1 to 64.
    package var shift = 6
    /// Copies of the first frame that stand in front of it, fewer than `window`.
    package var left = 3
    /// What stands behind the last frame once the sound has ended.
    package var tail = Tail.repeated

    /// What stands behind the last frame.
    package enum Tail: String, Sendable, Codable, CaseIterable {
        /// The last frame again, in as many rows as begin within the sound.
        case repeated
        /// Zeros, in as many rows.
        case zeros
        /// Nothing: rows that are not whole are left out.
        case dropped
    }

    /// The form of whole utterances.
    package init() {}

    /// The form of whole utterances: three copies in front, every frame heard.
    package static var offline: LFR { LFR() }

    /// The form of streaming Paraformer: nothing in front, whole rows only.
    package static var streaming: LFR {
        var form = LFR()
        form.left = 0
        form.tail = .dropped
        return form
    }

    /// The seed's form for `paraformer_rknn` (`stack_frames`): nothing in front, every frame heard.
    package static var seedParaformer: LFR {
        var form = LFR()
        form.left = 0
        return form
    }

    /// Rows that can be made of so many frames; `isFinished` says whether no frame follows. Rows that were there before
    /// the end are the same at the end.
    package func rowCount(frames: Int, isFinished: Bool) -> Int {
        guard frames > 0 else { return 0 }
        if isFinished, tail != .dropped { return (frames + shift - 1) / shift }
        let beyond = frames + left - window
        return beyond < 0 ? 0 : 1 + beyond / shift
    }

    /// Numbers of a row's frames. Those below 0 are the first frame; those beyond the last are as `tail` says.
    package func frames(ofRow row: Int) -> Range<Int> {
        let first = row * shift - left
        return first..<first + window
    }

    /// The first frame that a row, or any later one, is made of.
    func firstFrame(ofRow row: Int) -> Int {
        max(0, row * shift - left)
    }

    /// What makes no sense in it; nil when nothing does.
    var problem: String? {
        if !(1...64).contains(window) { return "window is \(window) frames, not 1 to 64" }
        if !(1...64).contains(shift) { return "shift is \(shift) frames, not 1 to 64" }
        if !(0..<window).contains(left) { return "left is \(left) frames, not 0 to fewer than the window of \(window)" }
        return nil
    }
}

extension LFR: Decodable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case window, shift, left, tail }

    /// Reads what is there; the rest stays that of whole utterances.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.onlyKeys(CodingKeys.self)
        try values.read(.window, into: &window)
        try values.read(.shift, into: &shift)
        try values.read(.left, into: &left)
        try values.read(.tail, into: &tail)
    }
}
