/// Characters that matter where text is cut.
enum TextMarks {
    /// Marks that end a sentence without white space after them.
    static let wideStops = set("。！？｡")
    /// All marks that may end a sentence: Latin, Arabic and Urdu, Devanagari, Ethiopic, Armenian, and the wide ones.
    static let stops = set(".?!…؟۔।॥።։‼⁇⁈⁉‽．").union(wideStops)
    /// What may stand between the mark and the white space, Markdown's emphasis included.
    static let closers = set("\"'”’»›)]}*_`」』）】》〉］｝〕")
    /// Quotes that close in some languages and open in others.
    static let leftQuotes = set("“‘«‹")
    /// Clause marks that need no white space after them.
    static let wideClauseMarks = set("，、；：—､")
    private static let clauseMarks = set(";:,–،؛")

    /// Whether a clause ends here, white space being next.
    static func endsClause(_ piece: [Unicode.Scalar]) -> Bool {
        var rest = piece[...]
        while let last = rest.last, closers.contains(last) { rest.removeLast() }
        guard let last = rest.last else { return false }
        // A hyphen between spaces is a dash.
        return clauseMarks.contains(last) || wideClauseMarks.contains(last)
            || (last == "-" && rest.dropLast().last == " ")
    }

    /// Line feed and its relatives up to the paragraph separator.
    static func isLineBreak(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0a...0x0d, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    static func isHiragana(_ scalar: Unicode.Scalar) -> Bool { (0x3041...0x309f).contains(scalar.value) }

    /// Kana and ideographs; Korean puts spaces between words and Latin marks after sentences.
    static func isChineseOrJapanese(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x3041...0x30ff, 0x3400...0x9fff, 0xf900...0xfaff, 0x20000...0x3ffff: true
        default: false
        }
    }

    /// The scripts that write initials.
    static func isLatinGreekOrCyrillic(_ scalar: Unicode.Scalar) -> Bool { scalar.value < 0x530 }

    private static func set(_ marks: String) -> Set<Unicode.Scalar> { Set(marks.unicodeScalars) }
}
