import Foundation

/// The value of `Date`: RFC 9110, section 5.6.7.
enum HTTPDate {
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// The time so many seconds after the beginning of 1970, UTC.
    static func text(_ seconds: Int = Int(Date().timeIntervalSince1970)) -> String {
        let (day, second) = (seconds / 86400, seconds % 86400)
        // Days to a date of the proleptic Gregorian calendar, in years that begin in March and eras of 400 years.
        let shifted = day + 719_468
        let (era, dayOfEra) = (shifted / 146_097, shifted % 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let march = (5 * dayOfYear + 2) / 153
        let date = dayOfYear - (153 * march + 2) / 5 + 1
        let month = march < 10 ? march + 2 : march - 10
        let year = yearOfEra + era * 400 + (month < 2 ? 1 : 0)
        let time = [second / 3600, second / 60 % 60, second % 60].map(twoDigits).joined(separator: ":")
        return "\(days[day % 7]), \(twoDigits(date)) \(months[month]) \(year) \(time) GMT"
    }

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
