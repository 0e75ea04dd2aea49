import Foundation
import ModelStore

/// Decimal sizes with one place below 10 MB.
func sizeText(_ bytes: Int64) -> String {
    let megabytes = Double(bytes) / 1_000_000
    return megabytes < 10 ? "\((megabytes * 10).rounded() / 10) MB" : "\(Int(megabytes.rounded())) MB"
}

/// Minutes and seconds.
func durationText(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded())
    return whole < 60 ? "\(whole) s" : "\(whole / 60) min \(whole % 60) s"
}

/// Sorted, indented JSON.
func jsonText(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
}

extension ProgressBar {
    /// Shows a step of the model store.
    func show(_ progress: StoreProgress) {
        var update = Update(label: "\(progress.id): \(progress.phase.rawValue)")
        update.isBrief = progress.phase == .verifying || progress.phase == .unpacking
        if progress.completed > 0, progress.total > 0 {
            update.fraction = Double(progress.completed) / Double(progress.total)
            update.figures = "\(sizeText(progress.completed)) of \(sizeText(progress.total))"
            if let rate = progress.rate, rate > 0 { update.figures += ", \(sizeText(Int64(rate)))/s" }
            if let seconds = progress.secondsLeft { update.figures += ", \(durationText(seconds)) left" }
        } else {
            update.figures = progress.detail + (progress.total > 0 ? ", \(sizeText(progress.total))" : "")
        }
        show(update)
    }
}
