package import Speech

/// Which stretches of latent frames are decoded one after the other, and which part of each is kept.
///
/// A window carries `overlap` frames of context on each side that has a neighbor; at the sentence's own ends it has
/// none, exactly as in a decode of the whole.
package struct WindowPlan: Sendable, Hashable {
    /// One run of the decoder.
    package struct Window: Sendable, Hashable {
        /// Frames that are decoded.
        package var decoded: Range<Int>
        /// Frames whose sound is kept; inside `decoded`.
        package var kept: Range<Int>
    }

    /// In order; the kept ranges cover every frame once.
    package let windows: [Window]

    /// - Parameters:
    ///   - frames: latent frames of the sentence.
    ///   - overlap: frames of context on each side.
    ///   - first: frames kept of the first window.
    ///   - growth: how much larger each following window is.
    ///   - most: frames kept of a window at most, but for a short rest that is added to the last.
    package init(frames: Int, overlap: Int, first: Int, growth: Int, most: Int = .max) {
        var windows: [Window] = []
        var start = 0
        var size = max(1, first)
        while start < frames {
            var end = min(frames, start + size)
            // A short rest costs more in context than it gains in latency.
            if frames - end < size / 2 + overlap { end = frames }
            let decoded = max(0, start - overlap)..<min(frames, end + overlap)
            windows.append(Window(decoded: decoded, kept: start..<end))
            start = end
            size = max(size, min(most, size * max(1, growth)))
        }
        self.windows = windows
    }

    /// Windows of one length, for a decoder whose shape is fixed. The last one is moved back until it is full: its
    /// context is longer then, and its end is the sentence's own. Only a sentence shorter than a window is padded.
    /// - Parameters:
    ///   - frames: latent frames of the sentence.
    ///   - overlap: frames of context on each side.
    ///   - length: frames of every window; more than twice `overlap`.
    package init(frames: Int, overlap: Int, length: Int) {
        precondition(length > 2 * overlap, "windows of \(length) frames have no room between \(overlap) of context")
        var windows: [Window] = []
        var start = 0
        while start < frames {
            let first = max(0, min(start - overlap, frames - length))
            let decoded = first..<min(frames, first + length)
            let end = decoded.upperBound == frames ? frames : decoded.upperBound - overlap
            windows.append(Window(decoded: decoded, kept: start..<end))
            start = end
        }
        self.windows = windows
    }

    /// - Parameters:
    ///   - frames: latent frames of the sentence.
    ///   - overlap: frames of context on each side.
    ///   - latency: how early the first sound must come.
    package init(frames: Int, overlap: Int, latency: Latency) {
        // A decoder's memory grows with its window, by 0.25 MB a frame: without a limit that of a sentence of 20 s took
        // 390 MB. Its time for a frame is the same for windows of 100 frames and of 1,000.
        let most = 320
        switch latency {
        case .low: self.init(frames: frames, overlap: overlap, first: 22, growth: 2, most: most)
        // 52 kept frames make a window of 62, the largest that Rockchip's compiler takes.
        case .balanced: self.init(frames: frames, overlap: overlap, first: 52, growth: 4, most: most)
        case .quality: self.init(frames: frames, overlap: overlap, first: frames, growth: 1)
        }
    }
}
