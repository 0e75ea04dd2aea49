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
            Without --board, this machine is looked at; a board that is named is taken to have all its memory free and \
            its vendor's libraries installed. Sizes that nobody wrote down are shown as unknown, not guessed.

            Exit status: 0 it fits, 69 it does not, 66 a model is not installed, 65 a bundle cannot be read.

            Examples:
              rkvoice plan
              rkvoice plan --board rk3588 en_US-joe-medium whisper-base
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
            let machine = try machine(loaded.configuration.runtime.npu)
            let planner = Planner(
                board: machine.board,
                memoryLimit: machine.memory,
                placement: placement,
                canConvert: loaded.configuration.runtime.npu.simulated != nil
            )
            let ids = models.isEmpty ? try configured(loaded.configuration, settings) : models
            let store = try settings.modelStore()
            var seen: Set<String> = []
            let wishes = try ids.filter { seen.insert($0).inserted }.map { try wish($0, store) }
            let plan = planner.plan(wishes.map(\.candidate))
            if let notice = machine.notice { Terminal.note("warning: " + notice) }
            if json { try Terminal.result(jsonText(plan)) } else { try show(plan, settings) }
            if !plan.fits { throw ExitStatus.unavailable.exitCode }
            if let status = wishes.compactMap(\.status).first { throw status.exitCode }
        }
    }

    /// The board, the memory its models may hold, and what a person should know of it.
    private func machine(_ npu: Configuration.NPU) throws -> (board: Board, memory: Int?, notice: String?) {
        let stated = npuMemory.map { $0 << 20 } ?? npu.memoryBytes
        if let board = npu.simulated?.rawValue ?? npu.board?.rawValue {
            let notice = npu.simulated.map { "the NPU of \($0.rawValue) is simulated on the CPU" }
            do throws(InferenceError) { return (try Board.named(board), stated, notice) } catch {
                throw CommandError(.usage, error.message)
            }
        }
        let found = BoardDetection.detect()
        return (found.board, stated ?? found.board.memoryLimit(freeBytes: HostMemory.availableBytes()), found.notice)
    }

    /// Ids of the models that the configuration serves.
    private func configured(_ configuration: Configuration, _ settings: Settings) throws -> [String] {
        let catalog = try settings.modelStore().catalog
        var ids: [String?] = []
        if configuration.asr.isEnabled {
            ids.append(try configuration.asr.modelToLoad() ?? catalog.defaultEntry(for: .asr)?.id)
            ids.append(catalog.defaultEntry(for: .vad)?.id)
        }
        if configuration.tts.isEnabled {
            ids.append(try configuration.tts.modelToLoad() ?? catalog.defaultEntry(for: .tts)?.id)
        }
        return ids.compactMap { $0 }
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
}
