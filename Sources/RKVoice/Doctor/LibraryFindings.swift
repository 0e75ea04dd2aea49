import Inference
import Runtimes

extension Host {
    private static let rknnMarks = ["librknnrt version: "]
    private static let rkllmMarks = ["rkllm-runtime version: ", "librkllmrt version: ", "RKLLM SDK (version: "]

    /// Files among the places of librknnrt.
    var rknnFiles: [LibraryFile] {
        let own = question.rknnPath.map { [$0] } ?? []
        return LibraryFile.found(own + Self.places, marks: Self.rknnMarks, on: machine)
    }

    private var rkllmFiles: [LibraryFile] {
        let places = Self.places.map { $0.replacing("librknnrt", with: "librkllmrt") }
        return LibraryFile.found(places, marks: Self.rkllmMarks, on: machine)
    }

    private static var places: [String] { RKNNLibrary.standardPaths.filter { $0.contains("/") } }

    /// Both libraries, and copies of them.
    var libraryFindings: [Finding] {
        guard needsNPU else { return [Finding(.rknn, .ok, noNPU), Finding(.rkllm, .ok, noNPU)] }
        let (rknn, rkllm) = (rknnFiles, rkllmFiles)
        return [rknnFinding(rknn)] + copies(rknn, .rknnCopies) + [rkllmFinding(rkllm)] + copies(rkllm, .rkllmCopies)
    }

    private func rknnFinding(_ files: [LibraryFile]) -> Finding {
        let fix =
            "install the vendor's package, or copy librknnrt.so for aarch64 from airockchip/rknn-toolkit2 to /usr/lib"
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
        guard release >= ReleaseNumber(1, 6) else {
            return Finding(
                .rknn,
                .warn,
                "\(file.path) is \(version), older than any release this version was read for",
                fix: fix
            )
        }
        return Finding(.rknn, .ok, "\(file.path) is \(version), for \(machine.architecture.rawValue)")
    }

    private func rkllmFinding(_ files: [LibraryFile]) -> Finding {
        let fix = "copy librkllmrt.so 1.2.3 or 1.3.0 for aarch64 from airockchip/rknn-llm to /usr/lib"
        guard let file = files.first else {
            return Finding(.rkllm, .ok, "not installed; only language models on the NPU need it", fix: fix)
        }
        if let problem = file.problem { return Finding(.rkllm, .fail, "\(file.path): \(problem)", fix: fix) }
        guard let version = file.version else {
            return Finding(.rkllm, .warn, "\(file.path): its release is not written in it", fix: fix)
        }
        guard let generation = RKLLMRelease.generation(of: version) else {
            return Finding(
                .rkllm,
                .fail,
                "\(file.path) is \(version), whose layout is not known: it is refused",
                fix: fix
            )
        }
        return Finding(.rkllm, .ok, "\(file.path) is \(version), generation \(generation)")
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

/// Releases of RKLLM by the layout of their structures, as the public headers have them.
enum RKLLMRelease {
    /// - Returns: first and last release of the generation; nil for a release that is refused.
    static func generation(of version: String) -> String? {
        let isBeta = version.firstMatch(of: /^[0-9.]+(?:b|-?beta)[0-9]*/) != nil
        guard !isBeta, let release = ReleaseNumber(version) else { return nil }
        switch release.parts {
        case [1, 1, 0], [1, 1, 1], [1, 1, 2], [1, 1, 3], [1, 1, 4]: return "1.1.0–1.1.4"
        case [1, 2, 0]: return "1.2.0"
        case [1, 2, 1], [1, 2, 2], [1, 2, 3]: return "1.2.1–1.2.3"
        case [1, 3, 0]: return "1.3.0"
        default: return nil
        }
    }
}
