/// Takes measurements beside one client, then beside more, until there are enough or the time is over.
struct LoadRun {
    let measures: [LoadMeasure]
    /// Clients at a time.
    let levels: [Int]
    /// Runs of each measure at each level.
    let runs: Int
    /// After this nothing more is begun but what has no value yet, and that for an eighth of it at most.
    let limit: Duration
    let bar: ProgressBar?

    /// - Returns: what each level gave.
    /// - Throws: what a server refuses for other reasons than too much work, and what breaks.
    func run() async throws -> [LoadTally] {
        let start = ContinuousClock.now
        let end = start + limit
        defer { bar?.clear() }
        var shares = levels.flatMap { level in measures.map { $0.share.at(level) } }.reduce(0, +)
        var tallies: [LoadTally] = []
        for level in levels {
            var tally = LoadTally()
            for measure in measures {
                let share = measure.share.at(level)
                guard .now < end + limit / 8 else {
                    tally.leaveOut(measure.name)
                    continue
                }
                // What the others have left over is given to those that follow.
                let deadline = min(end, .now + (end - .now) * (share / shares))
                shares -= share
                let clients = LoadClients(measure: measure, level: level, runs: runs, deadline: deadline, end: end)
                tally = try await clients.run(tally) { tell(measure, level, since: start) }
            }
            tallies.append(tally)
        }
        return tallies
    }

    private func tell(_ measure: LoadMeasure, _ level: Int, since start: ContinuousClock.Instant) {
        let (done, total) = ((.now - start) / .seconds(1), limit / .seconds(1))
        let clients = level == 1 ? "1 client" : "\(level) clients"
        bar?.show(
            ProgressBar.Update(
                label: "\(measure.name), \(clients)",
                fraction: min(1, done / total),
                figures: "\(Int(done)) of at most \(Int(total)) s",
                isBrief: true
            )
        )
    }
}

/// Clients that do the same at the same time.
struct LoadClients: Sendable {
    let measure: LoadMeasure
    let level: Int
    let runs: Int
    /// After this, enough is the fewest.
    let deadline: ContinuousClock.Instant
    /// After this nothing more is begun.
    let end: ContinuousClock.Instant

    private typealias Pair = (served: LoadOutcome, direct: LoadOutcome?)

    /// - Parameters:
    ///   - tally: what is added to.
    ///   - tell: called before each run.
    /// - Returns: the tally.
    /// - Throws: see ``LoadRun/run()``.
    func run(_ tally: LoadTally, _ tell: @escaping () -> Void) async throws -> LoadTally {
        var tally = tally
        if measure.warmsUp, level == 1 {
            tell()
            _ = try await exchange(0)
            _ = try await measure.direct?(0)
        }
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Pair.self) { group in
            var (begun, done) = (0, 0)
            func begin() {
                tell()
                let run = begun
                group.addTask { try await pair(run) }
                begun += 1
            }
            for _ in 0..<level { begin() }
            // Whoever is done takes the next run, so that so many are always under way.
            while let (outcome, direct) = try await group.next() {
                tally.add(outcome, measure.name)
                if let direct { tally.addDirect(direct) }
                done += 1
                if isWanted(begun, usually: (.now - start) * level / done) { begin() }
            }
        }
        return tally
    }

    /// Beside several clients once each is enough.
    private var fewest: Int { level == 1 ? measure.fewest : level }

    /// Whether one more is begun: not if it would pass the deadline with most of its usual length.
    private func isWanted(_ run: Int, usually length: Duration) -> Bool {
        let now = ContinuousClock.now + length / 2
        return now < end && run < runs && (run < fewest || now < deadline)
    }

    /// A run with the server and, beside one client, one without it; which comes first changes, so that neither has
    /// the better of a busy machine.
    private func pair(_ run: Int) async throws -> Pair {
        guard level == 1, let work = measure.direct else { return (try await exchange(run), nil) }
        if run.isMultiple(of: 2) {
            let outcome = try await exchange(run)
            return (outcome, try await work(run))
        }
        let direct = try await work(run)
        return (try await exchange(run), direct)
    }

    private func exchange(_ run: Int) async throws -> LoadOutcome {
        do { return try await measure.served(run) } catch let fault as ServerFault where fault.isBusy {
            return LoadOutcome(mishap: .refused)
        }
    }
}
