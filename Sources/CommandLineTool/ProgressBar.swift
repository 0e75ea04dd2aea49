import Foundation
import Synchronization

/// Progress on standard error: a bar that is drawn over on a terminal, else a plain line every few seconds.
final class ProgressBar: Sendable {
    /// One state of the work.
    struct Update: Sendable {
        /// What is going on, for instance `downloading whisper-base`.
        var label: String
        /// 0 to 1; nil when the end is not known.
        var fraction: Double?
        /// Further figures: sizes, rate, time left.
        var figures = ""
        /// True for a step that is short as a rule: without a terminal it is named only if it turns out long.
        var isBrief = false
    }

    private struct State {
        var lastLabel = ""
        var lastTime: ContinuousClock.Instant?
        var isDrawn = false
    }

    /// Time between two drawings on a terminal: more often cannot be read.
    private static let drawInterval = Duration.milliseconds(100)
    /// Time between two plain lines.
    private static let lineInterval = Duration.seconds(5)

    private let state = Mutex(State())
    private let isInteractive: Bool
    private let isColored: Bool

    init(isInteractive: Bool = Terminal.isInteractive, noColor: Bool) {
        self.isInteractive = isInteractive
        isColored = isInteractive && !noColor
    }

    /// Shows a state, if it is time to or the label is a new one.
    func show(_ update: Update) {
        state.withLock { state in
            let now = ContinuousClock.now
            let interval = isInteractive ? Self.drawInterval : Self.lineInterval
            if state.lastTime == nil, !update.isBrief { state.lastTime = now - interval }
            let start = state.lastTime ?? now
            state.lastTime = start
            let isNew = update.label != state.lastLabel && (isInteractive || !update.isBrief)
            guard isNew || now - start >= interval else { return }
            state.lastTime = now
            state.lastLabel = update.label
            if isInteractive {
                Terminal.draw("\r\u{1B}[K" + line(update, columns: Terminal.columns))
                state.isDrawn = true
            } else {
                Terminal.note(plainLine(update))
            }
        }
    }

    /// Removes the bar, so that the next output starts on a clean line.
    func clear() {
        state.withLock { state in
            if state.isDrawn { Terminal.draw("\r\u{1B}[K") }
            state.isDrawn = false
        }
    }

    private func plainLine(_ update: Update) -> String {
        let percent = update.fraction.map { " \(Int($0 * 100)) %" } ?? ""
        return update.label + percent + (update.figures.isEmpty ? "" : "  " + update.figures)
    }

    private func line(_ update: Update, columns: Int) -> String {
        guard let fraction = update.fraction else {
            return String(plainLine(update).prefix(max(columns - 1, 0)))
        }
        let figures = " \(Int(fraction * 100)) %  \(update.figures)"
        let width = columns - figures.count - update.label.count > 28 ? 24 : 10
        let label = update.label.prefix(max(columns - figures.count - width - 4, 0))
        let filled = Int((Double(width) * min(max(fraction, 0), 1)).rounded())
        let bar = String(repeating: "━", count: filled)
        let rest = String(repeating: "─", count: width - filled)
        // Green for the part that is done (ECMA-48, SGR 32).
        return "\(label) " + (isColored ? "\u{1B}[32m\(bar)\u{1B}[0m\(rest)" : bar + rest) + figures
    }
}
