import Speech

/// A system of writing, as far as it tells who can read a text.
enum Script: String, CaseIterable {
    case han, kana, hangul, cyrillic, arabic, greek, devanagari, hebrew, thai, georgian, latin

    /// As people call it.
    var name: String {
        switch self {
        case .han: "Chinese characters"
        case .kana: "Japanese kana"
        default: rawValue.prefix(1).uppercased() + rawValue.dropFirst() + " letters"
        }
    }

    /// The one that most of a text is written in; nil for a text without letters of any of them.
    ///
    /// A character that stands for a syllable counts as three letters, and Chinese characters beside kana are Japanese. Latin
    /// letters come last: names in them are found in every text.
    static func main(of text: String) -> Script? {
        var weights: [Script: Int] = [:]
        for scalar in text.unicodeScalars {
            guard let script = Script(scalar) else { continue }
            weights[script, default: 0] += [.han, .kana, .hangul].contains(script) ? 3 : 1
        }
        if let kana = weights[.kana], let han = weights.removeValue(forKey: .han) { weights[.kana] = kana + han }
        return allCases.max { weights[$0, default: 0] < weights[$1, default: 0] }.flatMap {
            weights[$0] == nil ? nil : $0
        }
    }

    /// Whether a language is written in it.
    func isUsed(for language: Language) -> Bool {
        let scripts = Self.others.filter { $0.codes.contains(language.code) }.map(\.script)
        return scripts.isEmpty ? self == .latin : scripts.contains(self)
    }

    /// ISO 639-1 codes of the languages that are not written in Latin letters, or not only in them.
    private static let others: [(script: Script, codes: Set<String>)] = [
        (.han, ["zh", "yue", "ja"]), (.kana, ["ja"]), (.hangul, ["ko"]),
        (.cyrillic, ["ru", "uk", "be", "bg", "sr", "mk", "kk", "mn", "tg", "tt", "ba"]), (.latin, ["sr"]),
        (.arabic, ["ar", "fa", "ur", "ps", "sd"]), (.greek, ["el"]), (.devanagari, ["hi", "mr", "ne", "sa"]),
        (.hebrew, ["he", "yi"]), (.thai, ["th"]), (.georgian, ["ka"]),
    ]

    /// Unicode blocks (Unicode 15.1, Blocks.txt); letters outside them tell nothing.
    private init?(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x41...0x5A, 0x61...0x7A, 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x24F, 0x1E00...0x1EFF: self = .latin
        case 0x370...0x3FF, 0x1F00...0x1FFF: self = .greek
        case 0x400...0x52F: self = .cyrillic
        case 0x590...0x5FF: self = .hebrew
        case 0x600...0x6FF, 0x750...0x77F, 0xFB50...0xFDFF, 0xFE70...0xFEFC: self = .arabic
        case 0x900...0x97F: self = .devanagari
        case 0xE00...0xE7F: self = .thai
        case 0x10A0...0x10FF: self = .georgian
        case 0x1100...0x11FF, 0x3130...0x318F, 0xAC00...0xD7AF: self = .hangul
        case 0x3041...0x30FF, 0x31F0...0x31FF, 0xFF66...0xFF9D: self = .kana
        case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x323AF: self = .han
        default: return nil
        }
    }
}
