/// Everything that was found, for people and programs. Holds nothing of the user or of the single device.
package struct DoctorReport: Sendable, Encodable {
    /// The board it counts as.
    package let board: String
    /// Whether the board's NPU is simulated: nothing here then tells of a real one.
    package let isSimulated: Bool
    package let findings: [Finding]

    /// The worst of all verdicts.
    package var verdict: Finding.Verdict {
        let verdicts = Set(findings.map(\.verdict))
        return verdicts.contains(.fail) ? .fail : verdicts.contains(.warn) ? .warn : .ok
    }

    enum CodingKeys: String, CodingKey { case board, simulated, verdict, findings }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(board, forKey: .board)
        try container.encode(isSimulated, forKey: .simulated)
        try container.encode(verdict, forKey: .verdict)
        try container.encode(findings, forKey: .findings)
    }
}
