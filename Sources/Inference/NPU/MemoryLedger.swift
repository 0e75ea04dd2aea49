/// Who holds how much memory of a device: sums alone, without locks.
struct MemoryLedger: Sendable {
    /// One holder.
    struct Holding: Sendable, Hashable {
        var label: String
        var bytes: Int
    }

    /// Bytes that may be held; nil when there is no limit that is known.
    let limit: Int?
    /// Name of the device, for messages.
    let device: String
    private(set) var holdings: [UInt64: Holding] = [:]

    init(limit: Int?, device: String) {
        self.limit = limit
        self.device = device
    }

    /// Bytes held.
    var used: Int { holdings.values.reduce(0) { $0 + $1.bytes } }

    /// Holds memory, in place of what the same id held before.
    /// - Throws: `outOfMemory` with the sum, who holds how much, and what to do; nothing has changed then.
    mutating func hold(_ bytes: Int, id: UInt64, label: String) throws(InferenceError) {
        let bytes = max(0, bytes)
        var others = holdings
        others[id] = nil
        let taken = others.values.reduce(0) { $0 + $1.bytes }
        // Subtraction: the sum of two sizes that a file gives could overflow.
        if let limit, bytes > limit - min(taken, limit) {
            throw InferenceError(.outOfMemory, refusal(bytes, label, others.values.map { $0 }, limit), graph: label)
        }
        others[id] = Holding(label: label, bytes: bytes)
        holdings = others
    }

    mutating func free(_ id: UInt64) { holdings[id] = nil }

    /// Bytes by holder, largest first; holders of the same label are one.
    var byLabel: [Holding] {
        var sums: [String: Int] = [:]
        for holding in holdings.values { sums[holding.label, default: 0] += holding.bytes }
        return Self.sorted(sums.map { Holding(label: $0.key, bytes: $0.value) })
    }

    private func refusal(_ bytes: Int, _ label: String, _ others: [Holding], _ limit: Int) -> String {
        let taken = others.reduce(0) { $0 + $1.bytes }
        let sum = Self.sorted(others).map { " + \(ByteCount.text($0.bytes)) (\($0.label))" }.joined()
        let total = "\(ByteCount.text(bytes)) (\(label))\(sum)"
        let over = bytes.addingReportingOverflow(taken - limit).partialValue
        return
            "\(device) has \(ByteCount.text(limit)) for models; \(total) is \(ByteCount.text(max(1, over))) too much. "
            + "Load fewer models, take smaller ones, or place a stage on the CPU"
    }

    private static func sorted(_ holdings: [Holding]) -> [Holding] {
        holdings.sorted { ($1.bytes, $0.label) < ($0.bytes, $1.label) }
    }
}

/// Bytes in the words of people.
package enum ByteCount {
    /// Powers of 1024, one place below 100: `4 GiB`, `12.5 MiB`, `800 B`.
    package static func text(_ bytes: Int) -> String {
        let units = ["B", "KiB", "MiB", "GiB", "TiB"]
        var value = Double(bytes)
        var unit = 0
        while value >= 1024, unit < units.count - 1 {
            value /= 1024
            unit += 1
        }
        let tenths = (value * 10).rounded() / 10
        let isWhole = tenths == tenths.rounded() || tenths >= 100
        return "\(isWhole ? "\(Int(tenths.rounded()))" : "\(tenths)") \(units[unit])"
    }
}
