/// The words of English that stand for abbreviations and signs.
enum EnglishTables {
    static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    /// Lower-case name or abbreviation → number, 1 … 12.
    static let monthNumbers: [String: Int] = {
        var numbers = ["sept": 9]
        for (index, month) in months.enumerated() {
            numbers[month.lowercased()] = index + 1
            numbers[String(month.lowercased().prefix(3))] = index + 1
        }
        return numbers
    }()

    /// Sign → one, several, and their hundredths.
    static let currencies: [(sign: String, one: String, many: String, cents: String)] = [
        ("US$", "U S dollar", "U S dollars", "cent"), ("A$", "Australian dollar", "Australian dollars", "cent"),
        ("C$", "Canadian dollar", "Canadian dollars", "cent"), ("$", "dollar", "dollars", "cent"),
        ("£", "pound", "pounds", "penny"), ("€", "euro", "euros", "cent"), ("¥", "yen", "yen", ""),
        ("₹", "rupee", "rupees", "paisa"), ("₩", "won", "won", ""), ("₽", "ruble", "rubles", "kopeck"),
    ]

    /// What follows an amount of money → the word for it.
    static let amounts: [String: String] = [
        "k": "thousand", "K": "thousand", "m": "million", "M": "million", "mn": "million", "bn": "billion",
        "B": "billion", "b": "billion", "tn": "trillion", "T": "trillion", "thousand": "thousand", "million": "million",
        "billion": "billion", "trillion": "trillion", "hundred": "hundred",
    ]

    /// Sign of a unit → its name, or names, for one and for several.
    static let units: [String: (one: String, many: String)] = {
        var units: [String: (one: String, many: String)] = [:]
        for line in unitNames.split(separator: "\n") {
            let fields = line.split(separator: "|").map { $0.split(separator: " ").joined(separator: " ") }
            guard fields.count >= 2 else { continue }
            let parts = fields[1].components(before: " per ")
            let many = fields.count > 2 ? fields[2] : parts.head + "s" + parts.tail
            for sign in fields[0].split(separator: " ") { units[String(sign)] = (fields[1], many) }
        }
        return units
    }()

    /// Units that could be a word or a name when a space stands before them: "a 5 A", "6 s".
    static let attachedUnits: Set<String> = ["V", "W", "h", "s", "l", "x", "t"]

    private static let unitNames = """
        % | percent | percent
        ‰ | per mille | per mille
        km | kilometer
        m | meter
        cm | centimeter
        mm | millimeter
        µm μm | micrometer
        nm | nanometer
        mi | mile
        yd yds | yard
        ft | foot | feet
        km² km2 | square kilometer
        m² m2 sqm | square meter
        cm² cm2 | square centimeter
        m³ m3 | cubic meter
        sqft | square foot | square feet
        ha | hectare
        kg | kilogram
        g | gram
        mg | milligram
        µg μg | microgram
        t | ton
        lb lbs | pound
        oz | ounce
        l L | liter
        ml mL | milliliter
        cl | centiliter
        gal | gallon
        km/h kph kmh | kilometer per hour
        m/s | meter per second
        mph | mile per hour
        mpg | mile per gallon
        rpm | revolution per minute
        fps | frame per second
        Hz | hertz | hertz
        kHz | kilohertz | kilohertz
        MHz | megahertz | megahertz
        GHz | gigahertz | gigahertz
        KB kB | kilobyte
        MB | megabyte
        GB | gigabyte
        TB | terabyte
        KiB | kibibyte
        MiB | mebibyte
        GiB | gibibyte
        kbps kbit/s | kilobit per second
        Mbps Mbit/s | megabit per second
        Gbps Gbit/s | gigabit per second
        MB/s | megabyte per second
        V | volt
        mV | millivolt
        kV | kilovolt
        mA | milliampere
        mAh | milliampere hour
        W | watt
        kW | kilowatt
        MW | megawatt
        kWh | kilowatt hour
        °C | degree Celsius | degrees Celsius
        °F | degree Fahrenheit | degrees Fahrenheit
        ° | degree
        h hr hrs | hour
        min mins | minute
        s sec secs | second
        ms | millisecond
        µs μs | microsecond
        ns | nanosecond
        dB | decibel
        px | pixel
        psi | pound per square inch
        hp | horsepower | horsepower
        Pa | pascal
        hPa | hectopascal
        kPa | kilopascal
        kcal | kilocalorie
        cal | calorie
        kJ | kilojoule
        x × | time
        ¢ | cent
        € EUR | euro
        £ GBP | pound
        USD | U S dollar
        CHF | Swiss franc
        CAD | Canadian dollar
        AUD | Australian dollar
        JPY | yen | yen
        INR | rupee
        """
}

extension String {
    /// What stands before a part, and that part with all behind it.
    fileprivate func components(before part: String) -> (head: String, tail: String) {
        guard let range = firstRange(of: part) else { return (self, "") }
        return (String(self[..<range.lowerBound]), String(self[range.lowerBound...]))
    }
}
