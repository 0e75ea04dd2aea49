import Foundation

/// Clauses to the numbers that a Piper voice takes, as piper-tts 1.8.0 does it.
///
/// A sentence is `^ _`, then each phoneme followed by `_`, then `$`. Phonemes are the scalars of the canonical
/// decomposition (NFD), so that a nasal vowel is a vowel and a tilde.
package struct PiperPhonemes: Sendable {
    /// Sentences as numbers, and what the voice has no number for.
    package struct Sentences: Sendable, Equatable {
        /// One array of ids per sentence; sentences without phonemes are left out.
        package var ids: [[Int64]] = []
        /// Phonemes that were dropped, with how often.
        package var unknown: [Unicode.Scalar: Int] = [:]
    }

    private let map: [Unicode.Scalar: [Int64]]
    private let start: [Int64]
    private let pad: [Int64]
    private let end: [Int64]

    /// - Parameter map: The voice's `phoneme_id_map`. Keys of several scalars (vowel clusters of some newer voices) are
    ///   not used.
    /// - Throws: `invalidPhonemeMap` if it has no `^`, `_` or `$`.
    package init(map: [String: [Int]]) throws(SpeechTextError) {
        var ids: [Unicode.Scalar: [Int64]] = [:]
        for (key, value) in map where key.unicodeScalars.count == 1 {
            for scalar in key.unicodeScalars { ids[scalar] = value.map(Int64.init) }
        }
        guard let start = ids["^"], let pad = ids["_"], let end = ids["$"] else {
            throw SpeechTextError(
                .invalidPhonemeMap,
                "phoneme_id_map lacks one of ^ _ $: this is not the configuration of a Piper voice."
            )
        }
        self.map = ids
        self.start = start
        self.pad = pad
        self.end = end
    }

    /// The phonemes of each sentence, terminators included; a last sentence need not be ended.
    package static func sentences(of clauses: [PhonemeClause]) -> [[Unicode.Scalar]] {
        var sentences: [[Unicode.Scalar]] = []
        var sentence: [Unicode.Scalar] = []
        for clause in clauses {
            var phonemes = withoutLanguageFlags(clause.phonemes)
            if let terminator = clause.terminator {
                phonemes.append(terminator)
                if !clause.endsSentence { phonemes.append(" ") }
            }
            sentence.append(contentsOf: phonemes.decomposedStringWithCanonicalMapping.unicodeScalars)
            guard clause.endsSentence else { continue }
            if !sentence.isEmpty { sentences.append(sentence) }
            sentence = []
        }
        if !sentence.isEmpty { sentences.append(sentence) }
        return sentences
    }

    /// Phonemes in one sentence of the graph, whose attention grows with their square: 2,500 took 6 GB. A sentence of
    /// 300 characters has about 300; what is longer is spoken in parts.
    package static let longestSentence = 400

    /// The sentences of a text as numbers; one that is too long comes in parts, cut between words where it can be.
    package func sentences(of clauses: [PhonemeClause]) -> Sentences {
        var result = Sentences()
        for sentence in Self.sentences(of: clauses).flatMap(Self.parts) {
            var ids = start + pad
            ids.reserveCapacity(ids.count + 2 * sentence.count + end.count)
            for phoneme in sentence {
                guard let numbers = map[phoneme] else {
                    result.unknown[phoneme, default: 0] += 1
                    continue
                }
                ids += numbers
                ids += pad
            }
            result.ids.append(ids + end)
        }
        return result
    }

    /// Scalars of phonemes for which the voice has no number, each once.
    package func unknown(in phonemes: String) -> [Unicode.Scalar] {
        var seen: Set<Unicode.Scalar> = []
        return phonemes.decomposedStringWithCanonicalMapping.unicodeScalars.filter {
            map[$0] == nil && seen.insert($0).inserted
        }
    }

    private static func parts(of sentence: [Unicode.Scalar]) -> [ArraySlice<Unicode.Scalar>] {
        var parts: [ArraySlice<Unicode.Scalar>] = []
        var rest = sentence[...]
        while rest.count > longestSentence {
            let head = rest.prefix(longestSentence)
            let cut = head.lastIndex(of: " ").map { $0 + 1 } ?? head.endIndex
            parts.append(rest[..<cut])
            rest = rest[cut...]
        }
        return parts + [rest]
    }

    /// espeak-ng marks words that it reads in another language: `(en)wˈɜːd(de)`.
    private static func withoutLanguageFlags(_ phonemes: String) -> String {
        guard phonemes.contains("(") else { return phonemes }
        var kept = String.UnicodeScalarView()
        var rest = phonemes.unicodeScalars[...]
        while let open = rest.firstIndex(of: "(") {
            kept.append(contentsOf: rest[..<open])
            let inside = rest[rest.index(after: open)...]
            guard let close = inside.firstIndex(of: ")"), close > inside.startIndex else {
                kept.append("(")
                rest = inside
                continue
            }
            rest = inside[inside.index(after: close)...]
        }
        kept.append(contentsOf: rest)
        return String(kept)
    }
}
