import Foundation

/// A table that reads well in a terminal and is Markdown.
struct BenchTable {
    var title: String
    var columns: [String]
    var rows: [[String]] = []
    /// What is said under it.
    var remarks: [String] = []

    var lines: [String] {
        let widths = columns.indices.map { column in
            ([columns] + rows).map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
        }
        func line(_ cells: [String]) -> String {
            let padded = zip(cells, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }
            return "| " + padded.joined(separator: " | ") + " |"
        }
        let rule = "|" + widths.map { String(repeating: "-", count: $0 + 2) }.joined(separator: "|") + "|"
        return [title, "", line(columns), rule] + rows.map(line) + (remarks.isEmpty ? [] : [""] + remarks)
    }

    /// The machine that figures are of: its processor, as the kernel names it, and its cores.
    static var machine: String {
        let info = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        func value(_ key: String) -> String? {
            info.split(separator: "\n").first { $0.hasPrefix(key) }?.split(separator: ":").last
                .map { $0.trimmingCharacters(in: .whitespaces) }
        }
        let name = value("model name") ?? value("Hardware") ?? "unknown processor"
        return "\(name), \(ProcessInfo.processInfo.activeProcessorCount) cores"
    }
}

/// A document with tables that commands write: each between its two markers.
struct BenchDocument {
    let path: String

    /// Replaces what is between the markers of a name.
    /// - Parameters:
    ///   - name: such as `asr`: the markers are `<!-- bench asr -->` and `<!-- /bench asr -->`.
    ///   - command: what made the table; it is written above it.
    ///   - tables: what is written.
    ///   - date: of the measurement.
    /// - Throws: `noInput` without the file, `badData` without the markers, `cannotCreate`.
    func replace(_ name: String, command: String, with tables: [BenchTable], date: Date = Date()) throws {
        let (before, after) = try parts(name)
        let day = date.formatted(.iso8601.year().month().day())
        var lines = ["", "```console", "$ ./rkvoice " + command, "```", "", "On \(BenchTable.machine); \(day).", ""]
        for table in tables { lines += table.lines + [""] }
        let written = before + lines.joined(separator: "\n") + "\n" + after
        do { try Data(written.utf8).write(to: URL(fileURLWithPath: path), options: .atomic) } catch {
            throw CommandError(.cannotCreate, "\(path) cannot be written: \((error as NSError).localizedDescription)")
        }
    }

    /// What comes before a table and after it, markers included; looked at before hours of measuring.
    /// - Parameter name: such as `asr`.
    /// - Returns: the two parts.
    /// - Throws: `noInput` without the file, `badData` without the markers.
    @discardableResult
    func parts(_ name: String) throws -> (before: String, after: String) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandError(.noInput, "\(path) is not there")
        }
        let text = String(decoding: data, as: UTF8.self)
        let (begin, end) = ("<!-- bench \(name) -->", "<!-- /bench \(name) -->")
        guard let first = text.range(of: begin), let last = text.range(of: end), first.upperBound <= last.lowerBound
        else {
            throw CommandError(.badData, "\(path) has no place for this table; it wants the lines \(begin) and \(end)")
        }
        return (String(text[..<first.upperBound]), String(text[last.lowerBound...]))
    }
}
