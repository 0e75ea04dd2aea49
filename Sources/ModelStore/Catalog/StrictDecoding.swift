import Foundation

/// A coding key for any string, to see keys that a type does not know.
struct AnyCodingKey: CodingKey {
    let stringValue: String
    let intValue: Int? = nil
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

extension Decoder {
    /// Refuses keys outside `known`, so that a misspelled key of the catalog is an error and not a silent default.
    func refuseUnknownKeys<Key: CodingKey & CaseIterable>(besides known: Key.Type) throws {
        let allowed = Set(Key.allCases.map(\.stringValue))
        let present = try container(keyedBy: AnyCodingKey.self).allKeys.map(\.stringValue)
        guard let unknown = present.sorted().first(where: { !allowed.contains($0) }) else { return }
        let place = codingPath.map(\.stringValue).joined(separator: ".")
        let message = "unknown key '\(unknown)'" + (place.isEmpty ? "" : " in \(place)")
        throw DecodingError.dataCorrupted(.init(codingPath: codingPath, debugDescription: message))
    }
}

/// Turns the decoder's error into one line that names the place and the fault.
func decodingFault(_ error: any Error) -> String {
    let place = { (path: [any CodingKey]) in
        path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
    }
    switch error {
    case DecodingError.keyNotFound(let key, let context):
        return "key '\(key.stringValue)' is missing in '\(place(context.codingPath))'"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
        return "'\(place(context.codingPath))' has the wrong type"
    case DecodingError.dataCorrupted(let context):
        return context.debugDescription
    default:
        return "\(error)"
    }
}
