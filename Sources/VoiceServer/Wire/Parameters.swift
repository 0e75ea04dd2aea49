import Transport

/// The members of a JSON body or the fields of a query, taken one by one; what nobody takes is told to the client.
struct Parameters {
    /// `body` or `query`: where a message says the parameter stands.
    let location: String
    private let values: [String: JSON]
    private var taken: Set<String> = []

    init(_ values: [String: JSON], location: String) {
        self.values = values
        self.location = location
    }

    /// Names that were given with a value and that nobody asked for, sorted.
    var ignored: [String] { values.keys.filter { values[$0] != .null && !taken.contains($0) }.sorted() }

    func failure(_ name: String, _ message: String) -> HTTPFailure {
        .invalid(name, message, location: location)
    }

    /// The value; nil where there is none or `null`.
    mutating func value(_ name: String) -> JSON? {
        taken.insert(name)
        return values[name].flatMap { $0 == .null ? nil : $0 }
    }

    mutating func string(_ name: String) throws(HTTPFailure) -> String? {
        switch value(name) {
        case nil: return nil
        case .string(let text): return text
        case .some(let other): throw failure(name, "\(name) is a string, not \(other.kind)")
        }
    }

    /// A finite number within a range.
    mutating func number(_ name: String, in range: ClosedRange<Double>) throws(HTTPFailure) -> Double? {
        let number: Double
        switch value(name) {
        case nil: return nil
        case .integer(let value): number = Double(value)
        case .number(let value): number = value
        // A query has nothing but strings.
        case .string(let text) where location == "query":
            guard let value = Double(text) else {
                throw failure(name, "\(name) is a number, not \"\(text.prefix(40))\"")
            }
            number = value
        case .some(let other): throw failure(name, "\(name) is a number, not \(other.kind)")
        }
        // False for NaN, too.
        guard range.contains(number) else {
            throw failure(
                name,
                "\(name) is a number from \(Self.text(range.lowerBound)) to \(Self.text(range.upperBound))"
            )
        }
        return number
    }

    /// A whole number within a range; `3.0` is one.
    mutating func integer(_ name: String, in range: ClosedRange<Int>) throws(HTTPFailure) -> Int? {
        let number: Int?
        switch value(name) {
        case nil: return nil
        case .integer(let value): number = value
        case .number(let value): number = Int(exactly: value)
        case .string(let text) where location == "query": number = Int(text)
        case .some(let other): throw failure(name, "\(name) is a whole number, not \(other.kind)")
        }
        guard let number, range.contains(number) else {
            throw failure(name, "\(name) is a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// Yes or no: a JSON boolean, or 1, true, yes, 0, false, no; a name without a value means yes.
    mutating func flag(_ name: String) throws(HTTPFailure) -> Bool? {
        switch value(name) {
        case nil: return nil
        case .bool(let value): return value
        case .string(let text) where location == "query" && ["1", "true", "yes", ""].contains(text): return true
        case .string(let text) where location == "query" && ["0", "false", "no"].contains(text): return false
        default: throw failure(name, "\(name) is true or false")
        }
    }

    private static func text(_ value: Double) -> String {
        Int(exactly: value).map(String.init) ?? String(value)
    }
}

/// A list of names as a header's value: nothing that a client chose can end the line or fill memory.
enum HeaderList {
    static func text(_ names: [String]) -> String {
        let shown = names.prefix(32).map(token).joined(separator: ", ")
        return names.count > 32 ? shown + ", ..." : shown
    }

    /// Visible ASCII stays, everything else is percent-encoded; 64 characters at most.
    private static func token(_ name: String) -> String {
        var text = ""
        for byte in name.utf8.prefix(64) {
            let isPlain = (0x21...0x7E).contains(byte) && byte != UInt8(ascii: ",") && byte != UInt8(ascii: "%")
            if isPlain {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                text += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return text
    }
}
