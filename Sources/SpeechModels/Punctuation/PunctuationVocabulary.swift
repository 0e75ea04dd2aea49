import Inference

/// The numbers of words, by their bytes.
///
/// The published model has 272,727 words in one string of metadata. They are found by hash where they stand in it: 5 MB in
/// place of the 30 MB of a dictionary of strings, which would also take two characters of one shape (U+8C48 and U+F900) for
/// one word.
struct PunctuationVocabulary: Sendable {
    /// How many words there are.
    let count: Int
    /// The number of words that are not there.
    let unknown: Int32
    private let bytes: [UInt8]
    /// Where each word begins in `bytes`, and one more; a separator stands between.
    private let starts: [Int32]
    /// Words by hash, -1 where there is none; a power of two of them.
    private let slots: [Int32]

    /// - Parameters:
    ///   - list: words with `|` between them. Of equal words the last one counts, as in the reference.
    ///   - unknown: the word that stands for all others.
    ///   - graph: the model's name, for messages.
    /// - Throws: `badModel` when `unknown` is not among them.
    init(_ list: String, unknown: String, graph: String) throws(InferenceError) {
        bytes = Array(list.utf8)
        var starts: [Int32] = [0]
        for (place, byte) in bytes.enumerated() where byte == UInt8(ascii: "|") { starts.append(Int32(place + 1)) }
        count = starts.count
        starts.append(Int32(bytes.count + 1))
        self.starts = starts
        slots = Self.slots(bytes, starts)
        guard let number = Self.number(of: unknown.utf8, bytes, starts, slots) else {
            throw InferenceError(.badModel, "\"\(unknown)\" is none of its \(starts.count - 1) words", graph: graph)
        }
        self.unknown = number
    }

    /// The number of a word; that of the unknown one where it is not there.
    func number(of word: String) -> Int32 { Self.number(of: word.utf8, bytes, starts, slots) ?? unknown }

    private static func slots(_ bytes: [UInt8], _ starts: [Int32]) -> [Int32] {
        var size = 16
        while size < 2 * starts.count { size *= 2 }
        var slots = [Int32](repeating: -1, count: size)
        for number in 0..<starts.count - 1 {
            let word = word(number, bytes, starts)
            slots[place(of: word, bytes, starts, slots)] = Int32(number)
        }
        return slots
    }

    private static func number(
        of word: some Collection<UInt8>,
        _ bytes: [UInt8],
        _ starts: [Int32],
        _ slots: [Int32]
    ) -> Int32? {
        let number = slots[place(of: word, bytes, starts, slots)]
        return number < 0 ? nil : number
    }

    private static func word(_ number: Int, _ bytes: [UInt8], _ starts: [Int32]) -> ArraySlice<UInt8> {
        bytes[Int(starts[number])..<Int(starts[number + 1]) - 1]
    }

    /// The slot of a word, or the free one where it belongs. Half of the slots are free, so that there is one.
    private static func place(
        of word: some Collection<UInt8>,
        _ bytes: [UInt8],
        _ starts: [Int32],
        _ slots: [Int32]
    ) -> Int {
        // FNV-1a (Fowler, Noll, Vo), 64 bits.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in word { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        var place = Int(truncatingIfNeeded: hash ^ hash >> 32) & (slots.count - 1)
        while slots[place] >= 0, !self.word(Int(slots[place]), bytes, starts).elementsEqual(word) {
            place = (place + 1) & (slots.count - 1)
        }
        return place
    }
}
