extension FbankOptions: Decodable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case sampleRate, scale, frame, mel, dither }

    /// Reads what is there; the rest stays FunASR's.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.onlyKeys(CodingKeys.self)
        try values.read(.sampleRate, into: &sampleRate)
        try values.read(.scale, into: &scale)
        try values.read(.frame, into: &frame)
        try values.read(.mel, into: &mel)
        if try values.decodeIfPresent(Double.self, forKey: .dither) ?? 0 != 0 {
            throw DecodingError.dataCorruptedError(
                forKey: .dither,
                in: values,
                debugDescription: "dither must be 0: the same sound gives the same features"
            )
        }
    }
}

extension FbankOptions.Frame: Decodable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case length, shift, window, preEmphasis, emphasis, removesOffset, edges
    }

    /// Reads what is there; the rest stays FunASR's.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.onlyKeys(CodingKeys.self)
        try values.read(.length, into: &length)
        try values.read(.shift, into: &shift)
        try values.read(.window, into: &window)
        try values.read(.preEmphasis, into: &preEmphasis)
        try values.read(.emphasis, into: &emphasis)
        try values.read(.removesOffset, into: &removesOffset)
        try values.read(.edges, into: &edges)
    }
}

extension FbankOptions.Mel: Decodable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case bins, lowest, highest, filters, spectrum, floor }

    /// Reads what is there; the rest stays FunASR's.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.onlyKeys(CodingKeys.self)
        try values.read(.bins, into: &bins)
        try values.read(.lowest, into: &lowest)
        try values.read(.highest, into: &highest)
        try values.read(.filters, into: &filters)
        try values.read(.spectrum, into: &spectrum)
        try values.read(.floor, into: &floor)
    }
}

extension Decoder {
    /// The values under the keys of a type; an error names a key that is not among them. A misspelled setting of a front
    /// end would be heard by nobody and cost accuracy.
    func onlyKeys<Key: CodingKey & CaseIterable>(_ type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        let known = Set(Key.allCases.map(\.stringValue))
        let all = try container(keyedBy: AnyKey.self)
        if let odd = all.allKeys.first(where: { !known.contains($0.stringValue) }) {
            throw DecodingError.dataCorruptedError(
                forKey: odd,
                in: all,
                debugDescription: "unknown key; there are \(known.sorted().joined(separator: ", "))"
            )
        }
        return try container(keyedBy: type)
    }
}

extension KeyedDecodingContainer {
    /// Leaves the value as it is where the key is not there.
    func read<Value: Decodable>(_ key: Key, into value: inout Value) throws {
        if let found = try decodeIfPresent(Value.self, forKey: key) { value = found }
    }
}

private struct AnyKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }

    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}
