extension Phonemizer {
    /// The clauses of a text that may hold phonemes in `[[…]]`: those go as they are where they stand.
    ///
    /// - Parameters:
    ///   - text: plain text with or without blocks.
    ///   - voice: as for ``clauses(of:voice:)``.
    /// - Returns: the clauses with their marks.
    /// - Throws: what ``clauses(of:voice:)`` throws.
    package func spokenClauses(of text: String, voice: String) async throws(PhonemeError) -> [PhonemeClause] {
        let segments = PhonemeBlocks.segments(of: text)
        if !segments.contains(where: \.isPhonemes) { return try await clauses(of: text, voice: voice) }
        var assembly = ClauseAssembly()
        for (index, segment) in segments.enumerated() {
            switch segment {
            case .phonemes(let phonemes): assembly.append(phonemes)
            case .text(let plain):
                let rest = assembly.takeMark(of: plain)
                guard SpeakableText(rest).isSpeakable else {
                    assembly.addSpace(rest)
                    continue
                }
                let more = try await clauses(of: rest, voice: voice)
                assembly.append(more, of: rest, isLast: index == segments.count - 1)
            }
        }
        return assembly.clauses
    }
}

extension PhonemeBlocks.Segment {
    fileprivate var isPhonemes: Bool {
        if case .phonemes = self { true } else { false }
    }
}

/// Clauses put together from stretches of one text.
private struct ClauseAssembly {
    private(set) var clauses: [PhonemeClause] = []
    /// Whether what comes next belongs to the last clause.
    private var isOpen = false
    /// Whether a space stands before it.
    private var isSpaced = false

    mutating func append(_ phonemes: String) {
        join(PhonemeClause(phonemes: phonemes, terminator: nil, endsSentence: false))
        (isOpen, isSpaced) = (true, false)
    }

    /// Ends the open clause with the mark that the text begins with.
    /// - Returns: the rest of the text.
    mutating func takeMark(of text: String) -> String {
        guard isOpen, let first = text.unicodeScalars.first, let ending = ClauseEnding.marks[first] else { return text }
        clauses[clauses.count - 1].terminator = ending.terminator
        clauses[clauses.count - 1].endsSentence = ending.endsSentence
        (isOpen, isSpaced) = (false, false)
        return String(text.unicodeScalars.dropFirst().drop { ClauseEnding.marks[$0] != nil })
    }

    /// - Parameters:
    ///   - more: clauses of a stretch of text.
    ///   - text: the stretch.
    ///   - isLast: whether the text ends with it.
    mutating func append(_ more: [PhonemeClause], of text: String, isLast: Bool) {
        addSpace(String(text.prefix(1)))
        for clause in more { join(clause) }
        guard !more.isEmpty, !isLast, clauses[clauses.count - 1].terminator == nil else { return }
        // The stretch ends here, its sentence does not.
        clauses[clauses.count - 1].endsSentence = false
        (isOpen, isSpaced) = (true, text.last?.isWhitespace == true)
    }

    mutating func addSpace(_ text: String) {
        if text.contains(where: \.isWhitespace) { isSpaced = true }
    }

    private mutating func join(_ clause: PhonemeClause) {
        if isOpen {
            clauses[clauses.count - 1].phonemes += (isSpaced ? " " : "") + clause.phonemes
            clauses[clauses.count - 1].terminator = clause.terminator
            clauses[clauses.count - 1].endsSentence = clause.endsSentence
        } else {
            clauses.append(clause)
        }
        (isOpen, isSpaced) = (false, false)
    }
}
