import Conversation

/// A report for people.
struct LoadTable {
    let report: LoadReport

    func print(to console: Console) throws { try lines.forEach(console.print) }

    var lines: [String] {
        var lines = heading
        if let alone = report.levels.first(where: { $0.clients == 1 }) { lines += [""] + table(alone) }
        lines += [""] + curve
        lines += [""] + report.levels.flatMap(remarks) + report.leftOut.map { "left out: " + $0 }
        return lines
            + [
                "p50, p95, p99: nearest rank of n values; of fewer than 20, p95 is the largest.",
                recordings.map { "WER: of \($0) recording(s), said again and again; --set takes others." },
                report.server.isStartedHere ? "Clients and server share this machine's cores." : nil,
            ].compactMap { $0 }
    }

    private var heading: [String] {
        let (server, method) = (report.server, report.method)
        let models = [server.recognizer ?? "no recognizer", server.voice ?? "no voice"].joined(separator: ", ")
        let threads = method.threads.map { ", \($0) thread(s)" } ?? ""
        let place = server.isStartedHere ? "started here" : server.url
        let lengths = method.clips.map { decimal($0.seconds, places: 1) }.prefix(8).joined(separator: ", ")
        return [
            "server \(place), rkvoice \(server.version): \(models)\(threads)"
                + (server.simulated.map { "; its \($0) is simulated: no figure is a board's" } ?? ""),
            "\(decimal(method.seconds, places: 0)) s of measuring; spoken clips of \(lengths) s; "
                + "endpoint silence \(method.endpointSilenceMilliseconds) ms",
        ]
    }

    /// One client, beside the same work without a server.
    private func table(_ level: LoadLevel) -> [String] {
        let hasDirect = level.figures.values.contains { $0.inProcess != nil }
        var lines = [
            row("one client; ms, RTF", ["p50", "p95", "n"] + (hasDirect ? ["in process", "n", "ratio"] : []))
        ]
        for figure in LoadFigure.allCases {
            guard let found = level[figure] else { continue }
            var cells = [figure.text(found.served.p50), figure.text(found.served.p95), "\(found.served.count)"]
            if let direct = found.inProcess, let ratio = found.ratio {
                cells += [figure.text(direct.p50), "\(direct.count)", decimal(ratio)]
            }
            lines.append(row(figure.label, cells))
        }
        return lines
    }

    /// Every number of clients.
    private var curve: [String] {
        let width = 28
        var lines = [row("clients; p50 / p95 / p99 (n)", report.levels.map { "\($0.clients)" }, width: width)]
        for figure in LoadFigure.allCases where report.levels.contains(where: { $0[figure] != nil }) {
            let cells = report.levels.map { level in
                guard let spread = level[figure]?.served else { return "-" }
                let values = [spread.p50, spread.p95, spread.p99].map(figure.text).joined(separator: " / ")
                return "\(values) (\(spread.count))"
            }
            lines.append(row(figure.label, cells, width: width))
        }
        for measure in Set(report.levels.flatMap(\.words.keys)).sorted() {
            let cells = report.levels.map { level in
                level.words[measure].map { "\(decimal(100 * $0.rate, places: 1)) % (\($0.errors)/\($0.total))" } ?? "-"
            }
            lines.append(row("WER, \(measure)", cells, width: width))
        }
        return lines
    }

    /// Different recordings that were written down; nil where nothing was.
    private var recordings: Int? { report.levels.flatMap(\.words.values).map(\.recordings).max() }

    /// Where the time of a dialogue went, and what did not go well.
    private func remarks(_ level: LoadLevel) -> [String] {
        let clients = level.clients == 1 ? "1 client" : "\(level.clients) clients"
        let order = ["endpoint", "recognition", "first_token", "first_sentence", "first_sound", "rest"]
        let steps = order.compactMap { step in
            level.steps[step].map { "\(step.split(separator: "_").joined(separator: " ")) \(Int($0.p50.rounded()))" }
        }
        var lines: [String] = []
        if !steps.isEmpty {
            let silence = report.method.endpointSilenceMilliseconds
            lines.append(
                "voice to voice, \(clients), p50 of each step in ms: " + steps.joined(separator: ", ")
                    + "; \(silence) of the endpoint are the pause itself"
            )
        }
        if level.refused > 0 { lines.append("\(clients): \(level.refused) refused, too much to do") }
        if level.cutShort > 0 { lines.append("\(clients): \(level.cutShort) answered before the clip was over") }
        if level.unanswered > 0 { lines.append("\(clients): \(level.unanswered) not answered, nothing was heard") }
        return lines + level.leftOut.map { "\(clients): no time was left for \($0)" }
    }

    private func row(_ name: String, _ cells: [String], width: Int = 11) -> String {
        let name = name + String(repeating: " ", count: max(0, 36 - name.count))
        return cells.reduce(name) { $0 + String(repeating: " ", count: max(1, width - $1.count)) + $1 }
    }
}
