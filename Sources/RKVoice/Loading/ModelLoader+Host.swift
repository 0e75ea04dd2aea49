import Foundation
package import Inference
import ModelStore
package import Runtimes
package import Speech

extension ModelLoader {
    /// The id of the model that the catalog names for a role.
    func standard(for role: Catalog.Role) throws(SpeechError) -> String {
        guard let entry = try store().catalog.defaultEntry(for: role) else {
            throw SpeechError(.unavailable, "the catalog names no model for \(role.rawValue); choose one by its id")
        }
        return entry.id
    }

    /// Whether a model is there and whole, so that nothing has to be downloaded for it.
    func isInstalled(_ id: String) -> Bool {
        guard let store = try? store(), let listing = try? store.listing(of: id) else { return false }
        return listing.isUsable
    }

    /// The directory of a model, which is downloaded first if it is not installed.
    package func installed(_ id: String) async throws(SpeechError) -> String {
        let store = try store()
        do throws(StoreError) {
            let listing = try store.listing(of: id)
            if !listing.isUsable {
                guard !settings.isOffline else {
                    throw StoreError(
                        .unavailable,
                        "\(id) is not installed or is damaged, and downloads are off; "
                            + "without RKVOICE_OFFLINE run: rkvoice models pull \(id)"
                    )
                }
                announce(listing)
                try await store.pull([id], progress: progress)
            }
            return try store.path(id)
        } catch { throw SpeechError(error) }
    }

    /// ONNX Runtime: the path set by the user, else the one in the home, else the system's own.
    func onnxLibrary() async throws(InferenceError) -> ONNXLibrary {
        if let path = settings.onnxRuntimePath { return try ONNXLibrary.load(from: [path]) }
        let directory: String
        do { directory = try await installed(standard(for: .runtime)) } catch {
            // A library of the system's own will do as well; if there is none, the reason above is the one to tell.
            if let library = try? ONNXLibrary.load(from: Self.systemLibraries) { return library }
            throw InferenceError(.runtimeUnavailable, "ONNX Runtime is missing: \(error.message)")
        }
        return try ONNXLibrary.load(from: [directory + "/libonnxruntime.so"])
    }

    /// Everything that runs graphs here.
    func runtimes(threads: Int, optimizes: Bool = true) async throws(InferenceError) -> RuntimeSet {
        let onnx = try await onnxLibrary()
        let graphs = ONNXRuntime(onnx, threads: ONNXThreads(intraOp: threads), optimizes: optimizes)
        var runtimes: [Placement.Runtime: any GraphRuntime] = [.onnx: graphs]
        runtimes[.rknn] = try accelerator.rknn(onnx: onnx.path)
        var decoders: [Placement.Runtime: any LanguageModelRuntime] = [.onnx: ONNXLanguageModelRuntime(graphs)]
        decoders[.rkllm] = try accelerator.rkllm(onnx: onnx.path)
        return RuntimeSet(runtimes, languageModels: decoders, board: accelerator.board, files: accelerator.files)
    }

    /// ONNX Runtime's graphs on that many threads.
    package func runtime(threads: Int) async throws(InferenceError) -> ONNXRuntime {
        ONNXRuntime(try await onnxLibrary(), threads: ONNXThreads(intraOp: threads))
    }

    /// Names that the system's loader is asked for: a development package's, then a plain installation's.
    private static let systemLibraries = ["libonnxruntime.so", "libonnxruntime.so.1"]

    /// The phoneme process: the one set by the user, else the one beside this executable.
    var espeakPath: String {
        if let path = settings.espeakPath { return path }
        return Executable.directory + "/rkvoice-espeak"
    }

    private func store() throws(SpeechError) -> ModelStore {
        do { return try settings.modelStore() } catch { throw SpeechError(error) }
    }
}

extension SpeechError {
    /// A failure of the model store, said at the boundary of the library.
    init(_ error: StoreError) {
        self.init(error.code == .cancelled ? .cancelled : .unavailable, error.message, cause: error)
    }
}
