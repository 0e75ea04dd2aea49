/// Words as espeak-ng can take them.
package enum EspeakWords {
    /// Bytes of UTF-8 in a word. espeak-ng 1.51 keeps a word in 160 bytes and drops the rest without a word; measured:
    /// 150 and 300 letters of "lalala…" gave the same sound. Below half of it nothing was ever lost.
    package static let limit = 80

    /// Puts a space into every word that is too long, between two characters.
    ///
    /// - Parameter text: Any text.
    /// - Returns: The text itself if no word is too long.
    package static func broken(_ text: String) -> String {
        var result = ""
        var width = 0
        for character in text {
            let size = character.utf8.count
            width = character.isWhitespace ? 0 : width + size
            if width > limit, width > size {
                result.append(" ")
                width = size
            }
            result.append(character)
        }
        return result
    }
}
