/// English, as it is said in the United States.
enum SpokenEnglish: SpokenLanguage {
    static let codes: Set<String> = ["en"]

    /// From what is told apart most surely to what remains.
    static let rules: [any ReadingRule] = [
        EnglishAddress(), EnglishPhone(), EnglishShortCode(), EnglishNumericDate(), EnglishDayMonth(),
        EnglishMonthDay(), EnglishTime(), EnglishDuration(), EnglishMoney(), EnglishFraction(), EnglishPower(),
        EnglishOrdinal(), EnglishMeasure(), EnglishRange(), EnglishYear(), EnglishRoman(), EnglishAbbreviation(),
        EnglishPlainNumber(), EnglishMark(),
    ]
}
