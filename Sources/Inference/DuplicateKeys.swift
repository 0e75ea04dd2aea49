/// Finds a key that a JSON object has twice. Decoders take one of the two and say nothing.
struct DuplicateKeys {
    private let bytes: [UInt8]
    private var place = 0
    /// Keys seen in each object that is open; nil for a list.
    private var open: [Set<[UInt8]>?] = []
    private var expectsKey = false

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The first key that its object has twice; nil when there is none. The text is taken to be JSON.
    static func first(in json: some Sequence<UInt8>) -> String? {
        var search = DuplicateKeys(Array(json))
        return search.run()
    }

    private mutating func run() -> String? {
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "{"): enter([])
            case UInt8(ascii: "["): enter(nil)
            case UInt8(ascii: "}"), UInt8(ascii: "]"): leave()
            case UInt8(ascii: ","): expectsKey = open.last.map { $0 != nil } ?? false
            case UInt8(ascii: "\""):
                let text = string()
                guard expectsKey else { break }
                expectsKey = false
                if open[open.count - 1]?.insert(text).inserted == false { return String(decoding: text, as: UTF8.self) }
            default: break
            }
            place += 1
        }
        return nil
    }

    private mutating func enter(_ keys: Set<[UInt8]>?) {
        open.append(keys)
        expectsKey = keys != nil
    }

    private mutating func leave() {
        if !open.isEmpty { open.removeLast() }
        expectsKey = false
    }

    /// The bytes between the quotes, as written; ends on the closing quote.
    private mutating func string() -> [UInt8] {
        let start = place + 1
        place = start
        while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
            place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
        }
        return Array(bytes[start..<min(place, bytes.count)])
    }
}
