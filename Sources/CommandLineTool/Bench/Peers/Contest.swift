import Foundation

/// Several programs that do the same jobs in turn, so that what else the machine does slows all alike.
struct Contest {
    /// One that takes part.
    struct Contestant: Sendable {
        var name: String { process.name }
        /// Which of its modes it is asked for; nil for one that has none.
        var mode: String?
        var process: PeerProcess
    }

    /// What one did in all of its runs.
    struct Result {
        var name: String
        /// Answers by job, then by run.
        var answers: [[PeerAnswer]] = []
        var peakMemory = 0

        /// The median of a figure over the runs of each job; a job without it is left out.
        func medians(_ figure: (PeerAnswer) -> Double?) -> [Double] {
            answers.map { Samples($0.compactMap(figure)) }.filter { !$0.values.isEmpty }.map(\.median)
        }
    }

    private(set) var contestants: [Contestant] = []

    /// Starts one more.
    /// - Parameters:
    ///   - process: it takes part under its own name.
    ///   - mode: what it is asked for; each mode has a process of its own, so that memory can be told apart.
    /// - Throws: `unavailable` when it cannot be started.
    mutating func add(_ process: PeerProcess, mode: String? = nil) async throws {
        // It is to be ended also where its start fails.
        contestants.append(Contestant(mode: mode, process: process))
        _ = try await process.start()
    }

    /// Has all of them do all jobs.
    /// - Parameters:
    ///   - jobs: how many.
    ///   - runs: how often each; one more, of the first job, is thrown away, because the first allocates.
    ///   - console: shows how far it is.
    ///   - job: what one is asked: who, the job and the run.
    /// - Returns: what each did, in the order in which they were added.
    /// - Throws: what a peer throws.
    func run(
        jobs: Int,
        runs: Int,
        _ console: Console,
        _ job: (Contestant, Int, Int) -> PeerJob
    ) async throws -> [Result] {
        var results = contestants.map { Result(name: $0.name) }
        for contestant in contestants {
            _ = try await contestant.process.ask(job(contestant, 0, 0))
        }
        let bar = console.progressBar("jobs")
        defer { bar.clear() }
        for index in 0..<jobs {
            for place in results.indices { results[place].answers.append([]) }
            for run in 0..<runs {
                // Whoever comes after a long run of another is worse off: the first place goes round.
                for turn in contestants.indices {
                    let place = (turn + run + index) % contestants.count
                    let contestant = contestants[place]
                    let answer = try await contestant.process.ask(job(contestant, index, run))
                    results[place].answers[index].append(answer)
                    results[place].peakMemory = max(results[place].peakMemory, answer.peakMemory ?? 0)
                }
            }
            bar.update(done: Double(index + 1), total: Double(jobs), unit: "jobs")
        }
        return results
    }

    /// Ends all of them.
    func stop() async {
        for contestant in contestants { await contestant.process.stop() }
    }

    /// Runs a contest and ends all who took part, however it goes.
    static func held<Value>(_ body: (inout Contest) async throws -> Value) async throws -> Value {
        var contest = Contest()
        do {
            let value = try await body(&contest)
            await contest.stop()
            return value
        } catch {
            await contest.stop()
            throw error
        }
    }
}

/// How long programs take from nothing to their first result, and what they hold: each in a process of its own.
struct ColdStarts {
    struct Result: Encodable {
        var milliseconds: Samples
        var peakMemory: Int
    }

    /// - Parameters:
    ///   - commands: names, and what is started under them.
    ///   - runs: how often each, in turn.
    ///   - starter: `peer_start.py`.
    /// - Returns: the figures of each, by name.
    /// - Throws: what a peer throws.
    static func measure(
        _ commands: [(String, StartJob)],
        runs: Int,
        _ starter: PeerProcess
    ) async throws -> [String: Result] {
        var found: [String: Result] = [:]
        // The first run fills the disk's cache for all.
        for run in 0...runs {
            for (name, job) in commands {
                let answer = try await starter.ask(job)
                guard run > 0, let time = answer.milliseconds else { continue }
                var result = found[name] ?? Result(milliseconds: Samples(), peakMemory: 0)
                result.milliseconds.append(time)
                result.peakMemory = max(result.peakMemory, answer.childMemory ?? 0)
                found[name] = result
            }
        }
        return found
    }
}
