import ArgumentParser
import Foundation
import Glibc
import Inference
import ModelStore
import RKVoice
import VoiceConfiguration

/// `rkvoice plan`
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Show which stage of which model would run where, and whether that fits.",
        discussion: """
            Nothing is loaded and no model has to be installed. Without models, those of the configuration are shown. \
            Without --board or a \
            profile's platform, this machine is looked at; a board that is named is taken to have all its memory free and \
            its vendor's libraries installed. Sizes that nobody wrote down are shown as unknown, not guessed.

            Exit status: 0 it fits, 69 it does not, 66 a model is not installed, 65 a bundle cannot be read.

            Examples:
              rkvoice plan
              rkvoice plan --board rk3588 en_US-joe-medium whisper-base
              rkvoice plan --profile rk3576-full
              rkvoice plan --simulate rk3588
              rkvoice plan --board rk3576 --placement rknn ./my-model --json
            """
    )

    @Argument(help: "Ids of models, or directories with a bundle.json; those of the configuration when left out.")
    var models: [String] = []

    @Option(help: "The placement to take of models that have it (default: the first that can be taken).")
    var placement: String?

    @Option(
        help: ArgumentHelp("Memory that models may hold on the NPU (default: what the board has).", valueName: "MiB")
    )
    var npuMemory: Int?

    @Flag(help: "One JSON object.")
    var json = false

    @OptionGroup var options: ConfigurationOptions

    func validate() throws {
        if let npuMemory, !(1...1 << 20).contains(npuMemory) {
            throw ValidationError("--npu-memory is a number of MiB from 1 to \(1 << 20)")
        }
    }

    func run() async throws {
        try await reportingErrors {
            let loaded = try options.load()
            let settings = Settings(loaded.configuration)
            let machine = try machine(loaded.configuration)
            let planner = Planner(
                board: machine.board,
                memoryLimit: npuMemory.map { $0 << 20 } ?? loaded.configuration.runtime.npu.memoryBytes,
                freeBytes: machine.free,
                placement: placement,
                canConvert: loaded.configuration.runtime.npu.simulated != nil
            )
            for warning in loaded.warnings { Terminal.note("warning: " + warning) }
            let wishes = try wishes(loaded.configuration, settings, on: machine.board)
            let plan = planner.plan(wishes.map(\.candidate))
            if let notice = machine.notice { Terminal.note("warning: " + notice) }
            if json { try Terminal.result(jsonText(plan)) } else { try show(plan, settings) }
            if !plan.fits { throw ExitStatus.unavailable.exitCode }
            if let status = wishes.compactMap(\.status).first { throw status.exitCode }
        }
    }

    /// The board, the memory it has to give, and what a person should know of it.
    private func machine(_ configuration: Configuration) throws -> (board: Board, free: Int?, notice: String?) {
        let npu = configuration.runtime.npu
        let platform = configuration.platform?.rawValue
        if let board = npu.simulated?.rawValue ?? npu.board?.rawValue ?? platform {
            let notice = npu.simulated.map { "the NPU of \($0.rawValue) is simulated on the CPU" }
            do throws(InferenceError) { return (try Board.named(board), nil, notice) } catch {
                throw CommandError(.usage, error.message)
            }
        }
        let found = BoardDetection.detect()
        return (found.board, HostMemory.availableBytes(), found.notice)
    }

    /// What is planned: the models that were named, else those of the configuration.
    private func wishes(
        _ configuration: Configuration,
        _ settings: Settings,
        on board: Board
    ) throws -> [Wish] {
        let store = try settings.modelStore()
        var seen: Set<String> = []
        func unique(_ ids: [String]) throws -> [Wish] {
            try ids.filter { seen.insert($0).inserted }.map { try wish($0, store) }
        }
        guard models.isEmpty else { return try unique(models) }
        let chosen: [SeedModel]
        do throws(InferenceError) { chosen = try SeedModels.chosen(by: configuration, on: board) } catch {
            throw CommandError(.usage, error.message)
        }
        return try unique(configuration.servedModels(in: store.catalog)) + chosen.map(Wish.init)
    }

    /// A model by its id, or by its directory.
    /// - Throws: ``StoreError`` for an id that is in no catalog.
    private func wish(_ id: String, _ store: ModelStore) throws -> Wish {
        var directory = id
        if !id.contains("/"), !FileManager.default.fileExists(atPath: id + "/bundle.json") {
            do throws(StoreError) { directory = try store.path(id) } catch {
                guard error.code == .notFound || error.code == .badData else { throw error }
                return Wish(Planner.Candidate(id: id, bundle: nil, problem: error.message), ExitStatus(error.code))
            }
        }
        do throws(InferenceError) {
            return Wish(Planner.Candidate(id: id, bundle: try ModelBundle(directory: directory)), nil)
        } catch {
            let status = error.code == .missingFile ? ExitStatus.noInput : .badData
            return Wish(Planner.Candidate(id: id, bundle: nil, problem: error.description), status)
        }
    }

    private func show(_ plan: Plan, _ settings: Settings) throws {
        let text = PlanText(plan, hasColor: isatty(1) == 1 && !settings.noColor)
        for line in text.lines { try Terminal.result(line) }
    }
}

/// A model that was asked for, and the status to end with when it cannot be read.
private struct Wish {
    var candidate: Planner.Candidate
    var status: ExitStatus?

    init(_ candidate: Planner.Candidate, _ status: ExitStatus?) {
        self.candidate = candidate
        self.status = status
    }

    /// A model that a profile of the seed chooses.
    init(_ model: SeedModel) {
        candidate = Planner.Candidate(model)
        status = model.isPresent ? nil : .noInput
    }
}
