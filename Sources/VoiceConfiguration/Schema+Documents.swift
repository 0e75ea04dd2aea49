extension Schema {
    /// A profile with every setting in a comment: its meaning, what it takes, its default.
    package static var exampleProfile: String {
        var lines = [
            "# A profile of rkvoice with every setting there is. What is behind a # has no effect: take the # away and",
            "# change the value. Flags win over variables of the environment, those over a profile, that over defaults.",
            "# `rkvoice config --profile FILE` shows what comes out, `rkvoice config --check FILE` finds mistakes.",
            "#",
            "# Sizes take a unit (32MiB), times as well (500ms, 10s, 2m); a bare number is in the unit of the key's name.",
        ]
        for section in sections {
            lines.append("")
            let settings = settings.filter { $0.section == section.name }
            let indent = section.name.isEmpty ? "" : "  "
            if !section.name.isEmpty { lines += ["# \(section.summary)", "\(section.name):"] }
            lines += settings.filter(\.backends.isEmpty).flatMap { example($0, indent: indent) }
            let boards = settings.filter { !$0.backends.isEmpty }
            if !boards.isEmpty {
                lines += ["", "\(indent)# For the backends in brackets; `rkvoice plan` shows what comes of each."]
                lines += boards.flatMap { example($0, indent: indent) }
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The reference of every setting, in Markdown.
    package static var markdown: String {
        sections.map { section in
            let settings = settings.filter { $0.section == section.name }
            let title = section.name.isEmpty ? "At the top" : "`\(section.name)`"
            let plain = settings.filter(\.backends.isEmpty)
            let boards = settings.filter { !$0.backends.isEmpty }
            var text = "## \(title)\n\n\(section.summary)\n\n" + table(plain)
            if !boards.isEmpty {
                text += "\nFor the backends in brackets; `rkvoice plan` shows what comes of each.\n\n" + table(boards)
            }
            return text
        }.joined(separator: "\n")
    }

    /// Sections in their order, each with what it is about.
    private static let sections: [(name: String, summary: String)] = [
        ("", "What the whole profile is about."),
        ("server", "Where and how the server listens."),
        ("limits", "What a client may ask of the server at most."),
        ("asr", "How speech becomes text."),
        ("tts", "How text becomes speech."),
        ("audio_llm", "How sound is answered by a language model that hears."),
        ("llm", "What answers in dialogues: an echo, or a language model behind an OpenAI-compatible endpoint."),
        ("dialogue", "How dialogues are held: `/dialogue`, `/v2v/stream` and `rkvoice talk`."),
        ("store", "Where models live and how they come there."),
        ("runtime", "What runs the graphs."),
        ("npu", "Which board and NPU, and how the NPU is used."),
    ]

    private static func example(_ setting: Setting, indent: String) -> [String] {
        let name = setting.key.split(separator: ".").last ?? ""
        let value = defaultText(setting).map { " \($0)" } ?? ""
        let comment = folded("\(setting.summary) Takes \(setting.taken).\(of(setting))", columns: 116 - indent.count)
        return comment.map { "\(indent)# \($0)" } + ["\(indent)#\(name):\(value)"]
    }

    /// The backends that a setting belongs to.
    private static func of(_ setting: Setting) -> String {
        setting.backends.isEmpty ? "" : " [\(setting.backends.joined(separator: ", "))]"
    }

    /// Text in lines of at most so many columns.
    private static func folded(_ text: String, columns: Int) -> [String] {
        text.split(separator: " ").reduce(into: []) { lines, word in
            if let last = lines.last, last.count + 1 + word.count <= columns {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(String(word))
            }
        }
    }

    private static func table(_ settings: [Setting]) -> String {
        let head = "| setting | default | environment | flag | what it does, what it takes |\n|---|---|---|---|---|\n"
        return head + settings.map(row).joined()
    }

    private static func row(_ setting: Setting) -> String {
        let names = setting.environment.map { "`\($0.name)`" }.joined(separator: " ")
        var notes = setting.summary + " Takes \(setting.taken)."
        if setting.traits.contains(.secret) { notes += " Never shown." }
        if setting.traits.contains(.reloadable) { notes += " ⟳" }
        notes += of(setting)
        let value = defaultText(setting).map { "`\($0)`" } ?? ""
        let flag = setting.flag.map { "`\($0)`" } ?? ""
        return "| `\(setting.key)` | \(value) | \(names) | \(flag) | \(notes) |\n"
    }

    /// The default in the words of a profile; nil when there is none, or it is another on every machine.
    private static func defaultText(_ setting: Setting) -> String? {
        if setting.key == "store.home" { return "~/.local/share/rkvoice" }
        return setting.key == "runtime.threads" ? nil : setting.text(in: Configuration())
    }
}
