/// A language, however a user writes it: `en`, `EN-us`, `English`, `zh_CN`, `Chinese`.
///
/// Two languages are equal when they are the same language; the region is kept for voices that have one.
public struct Language: Sendable, Hashable {
    /// ISO 639-1 code in lower case (ISO 639-3 where there is none: `yue`, `haw`).
    public let code: String
    /// Region in upper case (`US`), where one was named.
    public let region: String?

    /// Reads an English name, an ISO 639-1 code or a locale code.
    /// - Returns: nil for `auto`, an empty string, and anything that names no known language.
    public init?(_ text: String) {
        let parts = text.lowercased().split { $0 == "-" || $0 == "_" }.map(String.init)
        guard let first = parts.first else { return nil }
        let name = text.lowercased()
        guard let code = Self.codes[name] ?? Self.aliases[name] ?? Self.aliases[first] ?? Self.known(first) else {
            return nil
        }
        self.code = code
        region = parts.dropFirst().first { $0.count == 2 }?.uppercased()
    }

    /// The English name, such as `Chinese`.
    public var name: String { Self.names[code] ?? code }

    /// Locale form: `en-US`, or `en` without a region.
    public var tag: String { region.map { "\(code)-\($0)" } ?? code }

    public static func == (left: Language, right: Language) -> Bool { left.code == right.code }

    public func hash(into hasher: inout Hasher) { hasher.combine(code) }

    private static func known(_ code: String) -> String? { names[code] == nil ? nil : code }

    /// English name in lower case → code.
    private static let codes = Dictionary(uniqueKeysWithValues: names.map { ($0.value.lowercased(), $0.key) })

    /// Other spellings that users and models write.
    private static let aliases = [
        "mandarin": "zh", "castilian": "es", "flemish": "nl", "burmese": "my", "moldavian": "ro", "punjabi": "pa",
        "cmn": "zh", "jw": "jv", "nb": "no", "iw": "he", "in": "id", "fil": "tl", "eng": "en", "deu": "de", "fra": "fr",
        "spa": "es", "jpn": "ja", "kor": "ko", "zho": "zh",
    ]

    /// Code → English name, for every language that one of our models knows.
    private static let names: [String: String] = [
        "af": "Afrikaans", "am": "Amharic", "ar": "Arabic", "as": "Assamese", "az": "Azerbaijani", "ba": "Bashkir",
        "be": "Belarusian", "bg": "Bulgarian", "bn": "Bengali", "bo": "Tibetan", "br": "Breton", "bs": "Bosnian",
        "ca": "Catalan", "cs": "Czech", "cy": "Welsh", "da": "Danish", "de": "German", "el": "Greek",
        "en": "English", "es": "Spanish", "et": "Estonian", "eu": "Basque", "fa": "Persian", "fi": "Finnish",
        "fo": "Faroese", "fr": "French", "gl": "Galician", "gu": "Gujarati", "ha": "Hausa", "haw": "Hawaiian",
        "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian",
        "is": "Icelandic", "it": "Italian", "ja": "Japanese", "jv": "Javanese", "ka": "Georgian", "kk": "Kazakh",
        "km": "Khmer", "kn": "Kannada", "ko": "Korean", "la": "Latin", "lb": "Luxembourgish", "ln": "Lingala",
        "lo": "Lao", "lt": "Lithuanian", "lv": "Latvian", "mg": "Malagasy", "mi": "Maori", "mk": "Macedonian",
        "ml": "Malayalam", "mn": "Mongolian", "mr": "Marathi", "ms": "Malay", "mt": "Maltese", "my": "Myanmar",
        "ne": "Nepali", "nl": "Dutch", "nn": "Nynorsk", "no": "Norwegian", "oc": "Occitan", "pa": "Punjabi",
        "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sa": "Sanskrit", "sd": "Sindhi",
        "si": "Sinhala", "sk": "Slovak", "sl": "Slovenian", "sn": "Shona", "so": "Somali", "sq": "Albanian",
        "sr": "Serbian", "su": "Sundanese", "sv": "Swedish", "sw": "Swahili", "ta": "Tamil", "te": "Telugu",
        "tg": "Tajik", "th": "Thai", "tk": "Turkmen", "tl": "Tagalog", "tr": "Turkish", "tt": "Tatar",
        "uk": "Ukrainian", "ur": "Urdu", "uz": "Uzbek", "vi": "Vietnamese", "yi": "Yiddish", "yo": "Yoruba",
        "yue": "Cantonese", "zh": "Chinese",
    ]
}

extension Language: Codable, CustomStringConvertible {
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let language = Language(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "\"\(text)\" is no language that is known here")
            )
        }
        self = language
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(tag)
    }

    public var description: String { tag }
}
