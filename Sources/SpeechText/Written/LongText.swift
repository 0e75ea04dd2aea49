/// A text that is divided because it is too long to be rewritten at once.
enum LongText {
    /// How good a place is for a cut.
    private enum Place: Int, Comparable {
        case none, space, pause, sentenceEnd

        /// The place between two scalars. ASCII marks count where a space follows: `3.5` is one number.
        init(behind mark: Unicode.Scalar, before next: Unicode.Scalar) {
            let isSpace = next.properties.isWhitespace
            switch mark {
            case "。", "！", "？", "；", "\n": self = .sentenceEnd
            case "，", "、", "：": self = .pause
            case ".", "!", "?", ";": self = isSpace ? .sentenceEnd : .none
            case ",", ":": self = isSpace ? .pause : .none
            default: self = isSpace ? .space : .none
            }
        }

        static func < (left: Place, right: Place) -> Bool { left.rawValue < right.rawValue }
    }

    /// Divided behind the last sentence that fits, otherwise behind a comma, otherwise at a space. A piece is longer
    /// than `longest` bytes of UTF-8 only where a text has no place for a cut.
    static func pieces(of text: String, longest: Int) -> [Substring] {
        let scalars = text.unicodeScalars
        var pieces: [Substring] = []
        var start = scalars.startIndex
        var best = (place: Place.none, index: start)
        var index = start
        var length = 0
        while index < scalars.endIndex {
            length += scalars[index].utf8.count
            let next = scalars.index(after: index)
            if length > longest, best.place > .none {
                pieces.append(text[start..<best.index])
                start = best.index
                index = start
                length = 0
                best = (.none, start)
                continue
            }
            if next < scalars.endIndex {
                let place = Place(behind: scalars[index], before: scalars[next])
                if place > .none, place >= best.place { best = (place, next) }
            }
            index = next
        }
        return pieces + [text[start...]]
    }

    /// A piece rewritten, with the white space around it.
    static func rewritten(_ piece: Substring, _ rewrite: (String) -> String?) -> String {
        let inner = piece.trimmingWhiteSpace
        guard !inner.isEmpty, let written = rewrite(String(inner)) else { return String(piece) }
        return piece[..<inner.startIndex] + written + piece[inner.endIndex...]
    }
}
