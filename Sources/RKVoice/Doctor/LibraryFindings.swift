import Inference
import Runtimes

extension Host {
    private static let rknnMarks = ["librknnrt version: "]

    /// Copies of librknnrt in the order in which they would be taken: the path that was asked for, or what the system's
    /// loader finds and then the places of the vendor's packages.
    var rknnFiles: [LibraryFile] {
        let paths = loaderDirectories.map { $0 + "/librknnrt.so" } + Self.places
        return LibraryFile.found((question.rknnPath.map { [$0] } ?? []) + paths, marks: Self.rknnMarks, on: machine)
    }

    private var rkllmFiles: [LibraryFile] {
        let paths = RKLLMLibrary.standardPaths + loaderDirectories.map { $0 + "/librkllmrt.so" }
        let own = question.rkllmPath.map { [$0] } ?? []
        return LibraryFile.found(own + paths, marks: RKLLMLibrary.versionMarks, on: machine)
    }

    private static var places: [String] { RKNNLibrary.standardPaths.filter { $0.contains("/") } }

    /// Directories of the system's loader in its order (ld.so(8), ldconfig(8)).
    private var loaderDirectories: [String] {
        let folder = "/etc/ld.so.conf.d"
        let files =
            machine.names(folder).filter { $0.hasSuffix(".conf") }.map { folder + "/" + $0 } + ["/etc/ld.so.conf"]
        let lines = files.flatMap { machine.text($0)?.split(separator: "\n").map(String.init) ?? [] }
        return lines.filter { $0.hasPrefix("/") } + ["/usr/lib", "/lib"]
    }

    /// Both libraries, and copies of them.
    var libraryFindings: [Finding] {
        guard needsNPU else { return [Finding(.rknn, .ok, noNPU), Finding(.rkllm, .ok, noNPU)] }
        let (rknn, rkllm) = (rknnFiles, rkllmFiles)
        return [rknnFinding(rknn)] + copies(rknn, .rknnCopies) + [rkllmFinding(rkllm)] + copies(rkllm, .rkllmCopies)
    }

    private func rknnFinding(_ files: [LibraryFile]) -> Finding {
        let source = "https://github.com/airockchip/rknn-toolkit2/raw/v2.3.2/rknpu2/runtime/Linux/librknn_api"
        let fix = "sudo curl -fLo /usr/lib/librknnrt.so \(source)/aarch64/librknnrt.so && sudo ldconfig"
        if let path = question.rknnPath, !machine.exists(path) {
            return Finding(
                .rknn,
                .fail,
                "\(path), which was asked for, is not there",
                fix: "unset RKVOICE_RKNN, or correct it"
            )
        }
        guard let file = files.first else {
            return Finding(.rknn, .fail, "it is in none of the usual places", fix: fix)
        }
        if let problem = file.problem { return Finding(.rknn, .fail, "\(file.path): \(problem)", fix: fix) }
        guard let version = file.version, let release = file.release else {
            return Finding(.rknn, .warn, "\(file.path): its release is not written in it", fix: fix)
        }
        guard release >= Release(1, 6) else {
            return Finding(
                .rknn,
                .warn,
                "\(file.path) is \(version), older than any release this version was read for",
                fix: fix
            )
        }
        return Finding(.rknn, .ok, "\(file.path) is \(version), for \(machine.architecture.name)")
    }

    private func rkllmFinding(_ files: [LibraryFile]) -> Finding {
        let source = "https://github.com/airockchip/rknn-llm/raw/release-v1.2.3/rkllm-runtime/Linux/librkllm_api"
        let fix = "sudo curl -fLo /usr/lib/librkllmrt.so \(source)/aarch64/librkllmrt.so && sudo ldconfig"
        if let path = question.rkllmPath, !machine.exists(path) {
            let message = "\(path), which was asked for, is not there"
            return Finding(.rkllm, .fail, message, fix: "unset RKVOICE_RUNTIME_RKLLM, or correct it")
        }
        guard let file = files.first else {
            return Finding(.rkllm, .ok, "not installed; only language models on the NPU need it", fix: fix)
        }
        if let problem = file.problem { return Finding(.rkllm, .fail, "\(file.path): \(problem)", fix: fix) }
        guard let version = question.rkllmVersion ?? file.version else {
            return Finding(.rkllm, .warn, "\(file.path): its release is not written in it", fix: fix)
        }
        do throws(InferenceError) {
            let releases = try RKLLMGeneration(version: version).releases
            let range = Set([releases.first, releases.last].compactMap { $0 }).sorted().joined(separator: "–")
            return Finding(.rkllm, .ok, "\(file.path) is \(version), generation \(range)")
        } catch {
            return Finding(.rkllm, .fail, "\(file.path): \(error.message)", fix: fix)
        }
    }

    private func copies(_ files: [LibraryFile], _ check: Check) -> [Finding] {
        let texts = files.map { "\($0.path) (\($0.version ?? "release unknown"))" }
        guard Set(files.map { $0.version ?? $0.path }).count > 1 else { return [] }
        return [
            Finding(
                check,
                .warn,
                "\(files.count) different ones: \(texts.joined(separator: ", "))",
                fix: "keep one and remove the others, then run sudo ldconfig"
            )
        ]
    }
}
