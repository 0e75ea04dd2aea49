/// One thing that was looked at, what was found, and what to do about it.
package struct Finding: Sendable, Hashable, Encodable {
    /// How good it is.
    package enum Verdict: String, Sendable, Hashable, Encodable, CaseIterable {
        /// As it should be, or of no matter here.
        case ok
        /// It works, but slower, less safely or not for everything.
        case warn
        /// Something that was asked for cannot work.
        case fail
    }

    /// What was looked at; listed in `docs/doctor.md`.
    package let check: Check
    /// What it is about, such as `NPU driver` or `model whisper-base`.
    package let subject: String
    package let verdict: Verdict
    /// What was found, in one sentence.
    package private(set) var message: String
    /// Why it matters.
    package var why: String { check.why }
    /// What to do, often a command; nil when there is nothing to do.
    package private(set) var fix: String?

    /// - Parameters:
    ///   - check: what was looked at.
    ///   - verdict: how good it is.
    ///   - message: what was found.
    ///   - name: which of several of its kind, such as the id of a model.
    ///   - fix: what to do.
    init(_ check: Check, _ verdict: Verdict, _ message: String, of name: String? = nil, fix: String? = nil) {
        self.check = check
        self.verdict = verdict
        self.message = message
        self.fix = fix
        subject = name.map { "\(check.subject) \($0)" } ?? check.subject
    }

    /// The same with other words.
    func with(message: String, fix: String?) -> Finding {
        var finding = self
        finding.message = message
        finding.fix = fix
        return finding
    }

    enum CodingKeys: String, CodingKey { case id, subject, verdict, message, why, fix }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(check.rawValue, forKey: .id)
        try container.encode(subject, forKey: .subject)
        try container.encode(verdict, forKey: .verdict)
        try container.encode(message, forKey: .message)
        try container.encode(why, forKey: .why)
        try container.encodeIfPresent(fix, forKey: .fix)
    }
}
