extension Schema {
    /// What to say about a key that is none.
    static func unknown(_ key: String) -> String {
        let known = settings.map(\.key)
        let last = key.split(separator: ".").last.map(String.init) ?? key
        // The right word in the wrong section is the likelier slip.
        let elsewhere = known.first { $0.hasSuffix("." + last) }
        let nearest = elsewhere ?? Spelling.nearest(to: key, in: known + sectionNames)
        return "unknown setting \(RawValue.text(key).quoted)"
            + (nearest.map { "; did you mean \($0)?" } ?? "; `rkvoice config --all` lists all there are")
    }
}
