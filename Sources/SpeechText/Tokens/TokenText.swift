/// Text that grows token by token: pieces of a recognizer's vocabulary joined as their script is written.
///
/// Marks that are understood, whatever the style: `▁x` and `Ġx` start a word, `<space>` is a space, `x@@` goes on with
/// the next piece, `<0x41>` is one byte of UTF-8, other `<…>` such as `<unk>` or `<|en|>` are markup and give nothing.
///
/// Where pieces carry no mark of a word (``TokenTable/Style/words``), there is a space between any two of them, unless
/// both are of scripts without spaces. The reference (sherpa-onnx) takes every word whose first byte is no ASCII for
/// Chinese, and so glues words of Hindi, Russian or Polish together; here the script decides. The space between
/// Chinese and Latin words is the reference's own.
///
/// The text only ever grows at its end. Read it with ``stableCharacters`` where it is shown before it is complete.
package struct TokenText: Sendable {
    /// A word, or a token of a script without spaces, and the tokens that it came from.
    package struct Word: Sendable, Equatable {
        /// As it stands in the text, without the space before it.
        package var text: String
        /// First and last token, counted from the first that was given.
        package var tokens: ClosedRange<Int>
    }

    /// Everything so far; neither starts nor ends with a space.
    package private(set) var text = ""
    /// The words of ``text``, in order.
    package private(set) var words: [Word] = []

    private let style: TokenTable.Style
    private var tokens = 0
    /// A space was asked for; it comes with the next letter.
    private var spaceIsDue = false
    /// The last piece ended in `@@`: the next one goes on with its word.
    private var isOpen = false
    /// Bytes of a character that is not whole yet.
    private var held: [UInt8] = []

    /// - Parameter style: how the vocabulary marks its words.
    package init(_ style: TokenTable.Style) { self.style = style }

    /// The text of a run of pieces.
    package static func joined(_ pieces: some Sequence<String>, _ style: TokenTable.Style) -> String {
        var text = TokenText(style)
        for piece in pieces { text.append(piece) }
        text.finish()
        return text.text
    }

    /// Characters at the start of ``text`` that further pieces do not change.
    ///
    /// The last one may yet get an accent or a vowel sign where its word can go on, so it does not count there.
    package var stableCharacters: Int {
        guard let last = text.unicodeScalars.last else { return 0 }
        let isWhole = style == .words && !isOpen && (last.isASCII || Spacing.isIdeograph(last))
        return text.count - (isWhole ? 0 : 1)
    }

    /// Adds the next token.
    package mutating func append(_ piece: String) {
        defer { tokens += 1 }
        if let byte = Self.byte(piece) {
            hold(byte)
            return
        }
        release()
        if piece == "<space>" || piece == " " {
            (spaceIsDue, isOpen) = (true, false)
            return
        }
        guard !Self.isMarkup(piece) else { return }
        show(piece)
    }

    /// There are no more tokens: what is held of a character is shown, repaired.
    package mutating func finish() { release() }

    private mutating func show(_ piece: String) {
        var letters = Substring(piece)
        var startsWord = false
        while letters.first == "\u{2581}" || letters.first == "\u{120}" {
            letters.removeFirst()
            startsWord = true
        }
        let goesOn = letters.count > 2 && letters.hasSuffix("@@")
        if goesOn { letters.removeLast(2) }
        // A mark between words, as a few vocabularies have it, is a space like any other.
        var shown = letters.replacing("\u{2581}", with: " ").drop { $0 == " " }
        spaceIsDue = spaceIsDue || startsWord || shown.count < letters.count
        let endsWord = shown.last == " "
        while shown.last == " " { shown.removeLast() }
        if !shown.isEmpty { add(shown) }
        isOpen = goesOn || (shown.isEmpty && isOpen)
        spaceIsDue = spaceIsDue || endsWord
    }

    /// Puts letters behind the text, with a space before them where one belongs.
    private mutating func add(_ shown: Substring) {
        guard let first = shown.unicodeScalars.first else { return }
        guard let last = text.unicodeScalars.last else {
            // Marks without a letter would melt into whatever text stands before this one.
            let letters = Self.withoutMarks(shown)
            spaceIsDue = false
            return letters.isEmpty ? () : begin(letters)
        }
        let isDense = Spacing.isDense(last) && Spacing.isDense(first)
        let standsApart = spaceIsDue || (style == .words && !isOpen && !isDense && !Spacing.attaches(first))
        spaceIsDue = false
        if standsApart {
            text += " "
            begin(shown)
        } else if style == .words, !isOpen, !Spacing.attaches(first) {
            begin(shown)
        } else if style == .marked, Spacing.isDense(first), !Spacing.attaches(first) {
            begin(shown)
        } else {
            goOn(shown)
        }
    }

    private mutating func begin(_ shown: Substring) {
        text += shown
        words.append(Word(text: String(shown), tokens: tokens...tokens))
    }

    private mutating func goOn(_ shown: Substring) {
        // A vowel sign may not change a character that was called stable.
        let kept = stableCharacters == text.count ? Self.withoutMarks(shown) : shown
        guard !kept.isEmpty, let word = words.popLast() else { return }
        text += kept
        words.append(Word(text: word.text + kept, tokens: word.tokens.lowerBound...tokens))
    }

    private static func withoutMarks(_ shown: Substring) -> Substring {
        Substring(shown.unicodeScalars.drop(while: Spacing.isMark))
    }

    private mutating func hold(_ byte: UInt8) {
        held.append(byte)
        guard UnfinishedCharacter.length(atEndOf: held) == 0 else { return }
        release()
    }

    private mutating func release() {
        guard !held.isEmpty else { return }
        let character = String(decoding: held, as: UTF8.self)
        held = []
        add(Substring(character))
    }

    /// The byte of a piece such as `<0xE4>`.
    private static func byte(_ piece: String) -> UInt8? {
        guard piece.utf8.count == 6, piece.hasPrefix("<0x"), piece.hasSuffix(">") else { return nil }
        return UInt8(piece.dropFirst(3).dropLast(), radix: 16)
    }

    /// Whether a piece is markup and no text: `<unk>`, `</s>`, `<|zh|>`.
    package static func isMarkup(_ piece: String) -> Bool {
        piece.utf8.count > 2 && piece.hasPrefix("<") && piece.hasSuffix(">")
    }
}
