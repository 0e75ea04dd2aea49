import Foundation
import Inference
import ModelStore
import RKVoice
import Speech

/// What a command says, and where: results on standard output, everything else on standard error.
struct Console: Sendable {
    /// Only errors and results are shown.
    let isQuiet: Bool
    let noColor: Bool

    /// A result.
    func print(_ line: String) throws { try Terminal.result(line) }

    /// A result as one line of JSON.
    func printJSON(_ value: some Encodable, toError: Bool = false) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let line = String(decoding: try encoder.encode(value), as: UTF8.self)
        if toError { Terminal.note(line) } else { try Terminal.result(line) }
    }

    /// A remark for people.
    func note(_ line: String) {
        if !isQuiet { Terminal.note(line) }
    }

    /// Something to know that is no failure.
    func warn(_ line: String) { Terminal.note("warning: " + line) }

    /// A progress bar; silent when quiet.
    func progressBar(_ label: String) -> LabeledProgress {
        LabeledProgress(label: label, bar: isQuiet ? nil : ProgressBar(noColor: noColor))
    }

    /// Names the license of a model that is about to be downloaded.
    func license(of listing: StoreListing) {
        note("\(listing.id): license \(listing.license). \(listing.notice ?? "")")
    }

    /// A loader that shows what is downloaded on the way, each with its license before it begins.
    func loader(_ settings: Settings) -> ModelLoader {
        let loader = ModelLoader(settings, announce: { license(of: $0) }, progress: storeProgress())
        if let notice = loader.accelerator.notice { note("rkvoice: " + notice) }
        return loader
    }

    /// Says which models of a board with an NPU do not run there, and why.
    func placements(of accelerator: Accelerator) {
        guard accelerator.board.hasNPU else { return }
        for (model, choice) in accelerator.placements where !choice.placement.usesNPU {
            let reasons = choice.rejections.map { "\($0.placement): \($0.reason)" }.joined(separator: "; ")
            let reason =
                reasons.isEmpty ? "its bundle has no other; `rkvoice models pull \(model)` brings a newer one" : reasons
            note("rkvoice: \(model) runs as \(choice.name), not on the NPU (\(reason))")
        }
        if let problem = accelerator.libraryProblem { warn(problem) }
    }

    /// Shows downloads.
    private func storeProgress() -> @Sendable (StoreProgress) -> Void {
        guard !isQuiet else { return { _ in } }
        let bar = ProgressBar(noColor: noColor)
        return { progress in
            // Nothing to see when it was there all along.
            if progress.phase == .installed { bar.clear() } else { bar.show(progress) }
        }
    }
}

/// A progress bar for one thing.
struct LabeledProgress: Sendable {
    let label: String
    let bar: ProgressBar?

    /// - Parameters:
    ///   - done: how much is done, in `unit`.
    ///   - total: how much there is; nil when not known.
    ///   - unit: what is counted, for the figures.
    func update(done: Double, total: Double?, unit: String) {
        guard let bar else { return }
        let figures = total.map { "\(Int(done)) of \(Int($0)) \(unit)" } ?? "\(Int(done)) \(unit)"
        let fraction = total.flatMap { $0 > 0 ? done / $0 : nil }
        // Without a terminal, work of a few seconds needs no line.
        bar.show(.init(label: label, fraction: fraction, figures: figures, isBrief: true))
    }

    func clear() { bar?.clear() }
}
