/// How the values of a setting are read and shown.
struct ValueFormat<Value: Sendable>: Sendable {
    /// What is taken, in words: `a whole number from 1 to 64`.
    var taken: String
    /// What numbers count.
    var unit: SettingUnit?
    /// The value, or nil when it is none. The unit is that of a bare number where the source has another than the setting.
    var parse: @Sendable (RawValue, SettingUnit?) -> Value?
    var show: @Sendable (Value) -> SettingValue

    init(
        _ taken: String,
        unit: SettingUnit? = nil,
        parse: @escaping @Sendable (RawValue, SettingUnit?) -> Value?,
        show: @escaping @Sendable (Value) -> SettingValue
    ) {
        self.taken = taken
        self.unit = unit
        self.parse = parse
        self.show = show
    }

    /// The same, for a setting that may have no value.
    var optional: ValueFormat<Value?> {
        // Nil is no value at all here, not the value that stands for none.
        .init(taken, unit: unit, parse: { [parse] in parse($0, $1).map(Optional.some) }) { [show] in
            $0.map(show) ?? .none
        }
    }

    /// The same, where one word stands for no value.
    func optional(none: String) -> ValueFormat<Value?> {
        .init("\(taken), or \(none)", unit: unit) { [parse] raw, unit in
            raw.word?.lowercased() == none ? .some(nil) : parse(raw, unit).map(Optional.some)
        } show: { [show] in
            $0.map(show) ?? .text(none)
        }
    }
}

extension ValueFormat<Bool> {
    /// YAML's words and the environment's.
    static var flag: Self {
        .init("true or false (or 1/0, on/off, yes/no)") { raw, _ in
            switch raw.word?.lowercased() {
            case "true", "1", "on", "yes": true
            case "false", "0", "off", "no": false
            default: nil
            }
        } show: {
            .flag($0)
        }
    }
}

extension ValueFormat<Int> {
    static func integer(_ range: ClosedRange<Int>, unit: SettingUnit? = nil) -> Self {
        let counted = unit.map { " (\($0.rawValue))" } ?? ""
        return .init("a whole number from \(range.lowerBound) to \(range.upperBound)\(counted)", unit: unit) { raw, _ in
            raw.word.flatMap { Int($0) }.flatMap { range.contains($0) ? $0 : nil }
        } show: {
            .integer($0)
        }
    }

    static func size(_ range: ClosedRange<Int>) -> Self {
        let limits = "\(ByteSize.text(range.lowerBound)) to \(ByteSize.text(range.upperBound))"
        return .init("bytes, or a size such as 32MiB, from \(limits)", unit: .bytes) { raw, _ in
            raw.word.flatMap(ByteSize.parse).flatMap { range.contains($0) ? $0 : nil }
        } show: {
            .integer($0)
        }
    }
}

extension ValueFormat<UInt64> {
    static var seed: Self {
        .init("a whole number from 0 to \(Int.max)") { raw, _ in
            raw.word.flatMap { Int($0) }.flatMap(UInt64.init(exactly:))
        } show: {
            .integer(Int($0))
        }
    }
}

extension ValueFormat<Double> {
    static func number(_ range: ClosedRange<Double>) -> Self {
        .init("a number from \(range.lowerBound) to \(range.upperBound)") { raw, _ in
            raw.word.flatMap { Double($0) }.flatMap { range.contains($0) ? $0 : nil }
        } show: {
            .number($0)
        }
    }

    /// Seconds in the value; numbers without a unit count `unit`.
    static func duration(_ unit: SettingUnit, _ range: ClosedRange<Double>) -> Self {
        let shown = { @Sendable (seconds: Double) -> SettingValue in
            .number(unit == .milliseconds ? (seconds * 1e6).rounded() / 1e3 : seconds)
        }
        let limits = [range.lowerBound, range.upperBound].compactMap { shown($0).text(unit: unit) }
        return .init(
            "\(unit.rawValue), or a time such as 500ms, 10s or 2m, from \(limits.joined(separator: " to "))",
            unit: unit
        ) { raw, bare in
            raw.word.flatMap { TimeSpan.parse($0, bare: bare ?? unit) }.flatMap { range.contains($0) ? $0 : nil }
        } show: {
            shown($0)
        }
    }
}

extension ValueFormat where Value: Choice {
    static var choice: Self {
        .init("one of " + Value.allCases.map(\.rawValue).joined(separator: ", ")) { raw, _ in
            raw.word.flatMap { Value(rawValue: $0.lowercased()) ?? Value.synonyms[$0.lowercased()] }
        } show: {
            .text($0.rawValue)
        }
    }
}

extension ValueFormat<NPUCores> {
    static var cores: Self {
        .init("NPU_CORE_AUTO, NPU_CORE_ALL, or NPU_CORE_ with numbers of cores, as in NPU_CORE_0_1") { raw, _ in
            raw.word.flatMap { NPUCores($0) }
        } show: {
            .text($0.name)
        }
    }
}
