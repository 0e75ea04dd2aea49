import ArgumentParser

/// Options of the comparisons with others.
struct PeerOptions: ParsableArguments, Sendable {
    @Flag(help: "Compare with others, each in a process of its own, in private environments under RKVOICE_HOME.")
    var peers = false

    @Option(help: "With --peers: one clip or sentence in so many.")
    var every = 1

    @Option(help: "With --peers: cold starts of each; 0 for none.")
    var starts = 3

    @Option(help: "With --peers: a Markdown file that has a place for the table, such as docs/Benchmarks.md.")
    var document: String?

    func validate() throws {
        guard every > 0 else { throw ValidationError("--every is at least 1") }
        guard (0...100).contains(starts) else { throw ValidationError("--starts is 0 to 100") }
        guard peers || (document == nil && every == 1) else {
            throw ValidationError("--document and --every belong to --peers")
        }
    }

    /// Looks whether a table will have its place.
    func check(_ name: String) throws {
        if let document { try BenchDocument(path: document).parts(name) }
    }

    /// Prints a comparison, or writes it down as well.
    /// - Parameters:
    ///   - rows: the figures, for JSON.
    ///   - table: the same for people.
    ///   - name: of the place in the document.
    ///   - command: what makes the table again.
    ///   - json: whether standard output gets JSON.
    ///   - console: prints it.
    /// - Throws: what writing throws.
    func present(
        _ rows: some Encodable,
        _ table: BenchTable,
        _ name: String,
        command: String,
        json: Bool,
        _ console: Console
    ) throws {
        if let document { try BenchDocument(path: document).replace(name, command: command, with: [table]) }
        if json { try console.printJSON(rows) } else { try table.lines.forEach(console.print) }
    }
}
