/// Sizes in bytes as people write them: `32MiB`, `500 kB`, `4096`.
enum ByteSize {
    private static let units = [
        "": 1.0, "b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "kib": 1024, "mib": 1_048_576, "gib": 1_073_741_824,
    ]

    static func parse(_ text: String) -> Int? {
        guard let (number, unit) = Quantity.split(text), let factor = units[unit.lowercased()] else { return nil }
        let bytes = number * factor
        return bytes == bytes.rounded() && bytes <= 0x1p53 ? Int(bytes) : nil
    }

    /// The shortest exact form.
    static func text(_ bytes: Int) -> String {
        for (shift, unit) in [(30, "GiB"), (20, "MiB"), (10, "KiB")]
        where bytes >= 1 << shift && bytes % (1 << shift) == 0 {
            return "\(bytes >> shift)\(unit)"
        }
        return "\(bytes)"
    }
}

/// Lengths of time as people write them: `500ms`, `10s`, `2m`, `1h`; a bare number is in the unit of the setting.
enum TimeSpan {
    private static let units = ["ms": 0.001, "s": 1, "m": 60, "min": 60, "h": 3600]

    /// - Returns: seconds.
    static func parse(_ text: String, bare: SettingUnit) -> Double? {
        guard let (number, unit) = Quantity.split(text) else { return nil }
        guard let factor = unit.isEmpty ? bare.inSeconds : units[unit.lowercased()] else { return nil }
        // Milliseconds by division: 0.35 s is the same number, written as 350 ms.
        return factor == 0.001 ? number / 1000 : number * factor
    }
}

private enum Quantity {
    /// A number that is not negative, and what stands behind it.
    static func split(_ text: String) -> (number: Double, unit: String)? {
        let end = text.firstIndex { !($0.isASCII && $0.isNumber) && $0 != "." } ?? text.endIndex
        guard let number = Double(text[..<end]), number.isFinite else { return nil }
        return (number, text[end...].trimmingWhitespace())
    }
}
