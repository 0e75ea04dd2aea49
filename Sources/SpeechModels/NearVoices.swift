import Inference
import Speech

/// What to say of a voice that is not there.
enum NearVoices {
    private static let mostTold = 8

    /// The nearest names, or the first ones, and how many there are.
    static func told(_ name: String, in voices: [Voice]) -> String {
        var seen: Set<String> = []
        let names = voices.map(\.name).filter { seen.insert($0).inserted }
        let near = Spelling.near(name, in: names)
        let told = names.prefix(mostTold).joined(separator: ", ") + (names.count > mostTold ? ", …" : "")
        if near.isEmpty { return "there is \(told)" }
        if names.count <= mostTold { return "did you mean \(near.joined(separator: ", "))? There is \(told)" }
        return "did you mean \(near.joined(separator: ", "))? There are \(names.count) voices: \(told)"
    }
}
