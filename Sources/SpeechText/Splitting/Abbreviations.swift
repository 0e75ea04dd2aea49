/// Words that carry a dot without ending a sentence. English, with what is frequent in German, French and Spanish.
enum Abbreviations {
    enum Kind {
        /// Something always follows: "Dr. Smith", "e.g. this".
        case title
        /// A number follows: "No. 5"; without one it is a word of its own.
        case beforeNumber
        /// It stands as well in the middle as at the end: "U.S. Army", "at 5 p.m. Then".
        case maybeLast
    }

    /// The longest word in `starters`, in letters.
    static let longestStarter = 9

    /// What a token, without the dot at its end and without what opens it, says about that dot.
    static func kind(of word: ArraySlice<Unicode.Scalar>) -> Kind? {
        // Nothing in the lists is longer.
        guard !word.isEmpty, word.count <= 12 else { return nil }
        let text = String(String.UnicodeScalarView(word))
        let lowered = text.lowercased()
        if titles.contains(lowered) { return .title }
        if beforeNumbers.contains(lowered) { return .beforeNumber }
        if maybeLast.contains(lowered) || (text != lowered && months.contains(lowered)) || isDotted(word) {
            return .maybeLast
        }
        return nil
    }

    /// Whether a capitalized word is one that begins sentences and hardly ever follows an abbreviation.
    static func startsSentence(_ word: ArraySlice<Unicode.Scalar>) -> Bool {
        guard let first = word.first, first.properties.isUppercase, word.count <= longestStarter else { return false }
        return starters.contains(String(String.UnicodeScalarView(word)).lowercased())
    }

    /// Letters with dots between them, one or two at a time: "U.S", "a.m", "Ph.D".
    private static func isDotted(_ word: ArraySlice<Unicode.Scalar>) -> Bool {
        let parts = word.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count > 1
            && parts.allSatisfy { (1...2).contains($0.count) && $0.allSatisfy(\.properties.isAlphabetic) }
    }

    private static func words(_ list: String) -> Set<String> { Set(list.split(separator: " ").map(String.init)) }

    private static let titles = words(
        "mr mrs ms mx dr drs prof gen sen rep lt col capt cmdr sgt cpl pvt rev hon gov pres supt messrs mme mlle hr fr "
            + "sra srta mt ft vs cf viz e.g i.e eg ie approx ca resp bzw inkl incl evtl ggf vgl z.b d.h u.a o.ä p.ej"
    )

    private static let beforeNumbers = words("no nos nr núm fig figs eq eqs sec ch vol p pp art par abb bd tel ext ver")

    private static let maybeLast = words(
        "etc usw inc ltd co corp jr sr st ave blvd rd est dept univ bros assn govt al gmbh cie sq oz lb lbs min max"
    )

    private static let months = words("jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun")

    private static let starters = words(
        "the this that these those it its he she we they you i a an but and or so then when while if in on at as for "
            + "to there here what who why how where which after before not no yes now my his her our your their "
            + "however meanwhile also let please is are was were do did does can could would will should today tomorrow"
    )
}
