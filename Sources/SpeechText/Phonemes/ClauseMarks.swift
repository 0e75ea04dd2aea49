extension ClauseEnding {
    /// Quotes and brackets that may stand between the mark and the end of the clause.
    static let closers = Set("\"'”’»›)]}".unicodeScalars)

    /// What each mark means to piper-tts 1.8.0: found by asking its phonemizer about every character of the Basic
    /// Multilingual Plane between two words.
    static let marks: [Unicode.Scalar: ClauseEnding] = {
        let groups: [(String, ClauseEnding)] = [
            (".۔܁܄።᙮᠃᠉⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛⳹⳾⸳⸼꓿꘎꛳︒﹒｡", ClauseEnding(".", endsSentence: true)),
            ("?\u{37E}؟܉፧᥅⁇❓❔⳺⳻꘏꛷︖﹖", ClauseEnding("?", endsSentence: true)),
            ("!܃߹᥄‼❕❗❢❣︕﹗", ClauseEnding("!", endsSentence: true)),
            (",՝،܂߸༔፣᠂᠈⸲⸴⹁꓾꘍꛵︐︑﹐﹑､", ClauseEnding(",", endsSentence: false)),
            (":܆܇፥፦᠄⦂꛴︓﹕", ClauseEnding(":", endsSentence: false)),
            (";\u{387}؛܈፤–—⁏⸵⸺⸻꛶︔︱︲﹔", ClauseEnding(";", endsSentence: false)),
            ("¡¿ຯ᠁…⋮⋯⋰⋱、︙，：；", ClauseEnding(nil, endsSentence: false)),
            ("։।෴།。！．？܀॥༎჻፨", ClauseEnding(nil, endsSentence: true)),
        ]
        var marks: [Unicode.Scalar: ClauseEnding] = [:]
        for (scalars, ending) in groups {
            for scalar in scalars.unicodeScalars { marks[scalar] = ending }
        }
        return marks
    }()
}
