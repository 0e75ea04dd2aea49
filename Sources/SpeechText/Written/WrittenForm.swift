/// Turns what was said into what one writes: `二零二六年` → `2026年`, `twenty five` → `25`.
///
/// The seam for inverse text normalization, used once for all families, behind the recognizer and before the client. A
/// model that does it itself, such as SenseVoice with its query for it, is not put through it again.
///
/// Only finals go through it: a number that is still being spoken has no written form, and partial texts may not change
/// what they have called stable.
package protocol WrittenForm: Sendable {
    /// - Parameters:
    ///   - spoken: text as the recognizer gave it.
    ///   - language: ISO 639-1 code of the text; nil where it is not known.
    /// - Returns: the text as one writes it; `spoken` itself where there is nothing to do.
    func written(_ spoken: String, language: String?) -> String
}

/// Leaves texts as they were said.
package struct AsSpoken: WrittenForm {
    package init() {}
    package func written(_ spoken: String, language: String?) -> String { spoken }
}
