import Foundation

/// Writes numbers, dates, times, money, shares and telephone numbers as one writes them, by rules alone: `二零二六年` →
/// `2026年`, `twenty five dollars` → `$25`.
///
/// The rules are WeTextProcessing's (Apache-2.0), compiled to transducers as the Python package `wetext` brings them; the
/// result is that of `wetext` 0.1.8, but for quotation marks and backslashes, which stay as they are, marks behind English
/// numbers, which stand without a space, and texts that its rules cannot read, which come back as they were said. One value serves all threads.
package struct InverseTextNormalizer: WrittenForm {
    private let grammars: [String: WrittenGrammar]
    private let longestPiece: Int

    /// ISO 639-1 codes of the languages with rules, in order.
    package var languages: [String] { grammars.keys.sorted() }

    /// Reads the rules of all languages in a directory: `zh/tagger.fst`, `zh/verbalizer.fst` and so on for `en` and `ja`.
    /// Some 10 ms for all three; reads files, so it blocks.
    ///
    /// - Parameters:
    ///   - directory: path of an installed `itn-zh-en`.
    ///   - longestPiece: bytes of UTF-8 that are rewritten at once; 6,144 are 2,048 Chinese characters, minutes of speech.
    ///     Longer texts are divided behind sentences; what has no place for a cut is left as it was said.
    /// - Throws: `notInstalled` where a file, or all of them, are missing; `invalidGrammar` for a damaged one.
    package init(directory: String, longestPiece: Int = 6144) throws(SpeechTextError) {
        var grammars: [String: WrittenGrammar] = [:]
        for language in ["en", "ja", "zh"] {
            let folder = "\(directory)/\(language)"
            guard FileManager.default.fileExists(atPath: folder) else { continue }
            grammars[language] = WrittenGrammar(
                tagger: try Self.transducer("\(folder)/tagger.fst"),
                verbalizer: try Self.transducer("\(folder)/verbalizer.fst"),
                spacesMarks: language == "en"
            )
        }
        guard !grammars.isEmpty else {
            throw SpeechTextError(
                .notInstalled,
                "There are no rules for written text in '\(directory)'. Install them with 'rkvoice models pull itn-zh-en'."
            )
        }
        self.grammars = grammars
        self.longestPiece = longestPiece
    }

    /// The text as one writes it.
    ///
    /// Rules of one language go over the whole text. Chinese ones leave English words as they are, and the other way
    /// round, so a mixed text has numbers of one language written.
    /// - Parameters:
    ///   - spoken: final text of an utterance.
    ///   - language: language code, region and script after a hyphen are passed over; Cantonese is written by the rules
    ///     for Chinese. With nil the script decides: kana → Japanese, ideographs → Chinese, nothing but Latin letters →
    ///     English.
    /// - Returns: `spoken` itself for other languages, and where no rules read it; otherwise without white space at the
    ///   ends.
    package func written(_ spoken: String, language: String?) -> String {
        let code = language.map(Self.grammar(forLanguage:)) ?? Self.grammar(forScriptOf: spoken)
        guard let code, let grammar = grammars[code] else { return spoken }
        guard spoken.utf8.count > longestPiece else { return grammar.written(spoken) ?? spoken }
        let pieces = LongText.pieces(of: spoken, longest: longestPiece).map { piece in
            piece.utf8.count > longestPiece ? String(piece) : LongText.rewritten(piece, grammar.written)
        }
        return String(pieces.joined().trimmingWhiteSpace)
    }

    private static func grammar(forLanguage language: String) -> String? {
        let primary = language.prefix { $0 != "-" && $0 != "_" }.lowercased()
        return ["zh": "zh", "yue": "zh", "cmn": "zh", "en": "en", "ja": "ja"][primary]
    }

    private static func transducer(_ path: String) throws(SpeechTextError) -> Transducer {
        let bytes: [UInt8]
        do {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? file.close() }
            bytes = Array(try file.read(upToCount: Transducer.largestFile + 1) ?? Data())
        } catch {
            throw SpeechTextError(
                .notInstalled,
                "Cannot read '\(path)'. Install it with 'rkvoice models pull itn-zh-en'."
            )
        }
        do {
            return try Transducer(openFst: bytes)
        } catch {
            throw SpeechTextError(error.code, "'\(path)' is damaged. \(error.message)")
        }
    }
}

extension InverseTextNormalizer {
    /// The rules for a text of unknown language: of what is no Latin letter, ideograph or kana none.
    private static func grammar(forScriptOf text: String) -> String? {
        var hasLatin = false
        var hasIdeographs = false
        var hasKana = false
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x3041...0x309f, 0x30a1...0x30fa, 0x30fc...0x30ff, 0x31f0...0x31ff, 0xff66...0xff9f: hasKana = true
            case 0x3400...0x4dbf, 0x4e00...0x9fff, 0xf900...0xfaff, 0x20000...0x3134f: hasIdeographs = true
            case 0x41...0x5a, 0x61...0x7a: hasLatin = true
            default: if scalar.properties.isAlphabetic { return nil }
            }
        }
        return hasKana ? "ja" : hasIdeographs ? "zh" : hasLatin ? "en" : nil
    }
}
