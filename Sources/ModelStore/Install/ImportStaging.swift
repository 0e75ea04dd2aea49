import Foundation

/// Brings what a user wants to import into the work directory and checks it.
struct ImportStaging {
    let context: InstallContext
    let path: String
    let license: String

    private var staged: String { context.work + "/out" }

    /// More files than this are no model.
    private static let maximumFiles = 10_000

    /// Copies, unpacks or splits; returns the manifest, which is written too.
    func stage(id: String?) throws(StoreError) -> Manifest {
        var name = id
        if Disk.isDirectory(path) {
            try copyDirectory()
        } else if path.lowercased().hasSuffix(".onnx") {
            let stem = (path as NSString).lastPathComponent.dropLast(".onnx".count)
            name = id ?? String(stem)
            try splitVoice(id: name ?? "")
        } else {
            try Unpacking(context: context).wholeArchive(path, into: staged)
        }
        try describe(id: id)
        let manifest = try manifest(id: name, in: try root())
        try manifest.write(to: try root())
        return manifest
    }

    /// Writes the `bundle.json` of a directory in the layout of others, and leaves what is not needed behind.
    private func describe(id: String?) throws(StoreError) {
        let inner = Disk.names(in: staged).map { staged + "/" + $0 }
        for directory in [staged] + (inner.count == 1 ? inner : []) where Disk.isDirectory(directory) {
            guard !Disk.exists(directory + "/bundle.json"), !Disk.exists(directory + "/" + Manifest.name) else {
                return
            }
            guard let found = try context.options.describe(directory, id ?? fileName, license) else { continue }
            for name in Disk.names(in: directory) where !found.files.contains(name) {
                try Disk.remove(directory + "/" + name)
            }
            try Disk.write(found.json, to: directory + "/bundle.json")
            return
        }
    }

    /// What the directory or the archive is called, as an id.
    private var fileName: String {
        var name = URL(fileURLWithPath: path).lastPathComponent
        for ending in [".zip", ".bz2", ".gz", ".xz", ".tar"] where name.lowercased().hasSuffix(ending) {
            name.removeLast(ending.count)
        }
        return String(
            name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "-" }.prefix(64)
        )
    }

    /// The directory with the bundle: the staged one, or the only one inside it, as archives usually have it.
    func root() throws(StoreError) -> String {
        let isRoot = { Disk.exists($0 + "/bundle.json") || Disk.exists($0 + "/" + Manifest.name) }
        if isRoot(staged) { return staged }
        let inner = Disk.names(in: staged).map { staged + "/" + $0 }
        if inner.count == 1, isRoot(inner[0]) { return inner[0] }
        throw StoreError(
            .badData,
            "'\(path)' has no bundle.json; import a model directory, an archive of one, or a Piper voice"
        )
    }

    private func copyDirectory() throws(StoreError) {
        try Disk.makeDirectory(staged)
        let names = ((try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? []).sorted()
        guard names.count <= Self.maximumFiles else {
            throw StoreError(.badData, "'\(path)' has more than \(Self.maximumFiles) files; this is no model directory")
        }
        try checkSpace(Disk.totalSize(below: path))
        for name in names {
            try context.cancellation.check()
            let source = path + "/" + name
            guard !Disk.isLink(source) else {
                throw StoreError(.badData, "'\(source)' is a link; replace it with the file itself")
            }
            if Disk.isDirectory(source) {
                try Disk.makeDirectory(staged + "/" + name)
            } else {
                context.meter.begin(.unpacking, name)
                try Disk.copy(source, to: staged + "/" + name)
            }
        }
    }

    private func splitVoice(id: String) throws(StoreError) {
        let description = path + ".json"
        guard Disk.exists(description) else {
            throw StoreError(
                .notFound,
                "a Piper voice needs '\(description)' beside it; get it from where the voice came from"
            )
        }
        try checkSpace((Disk.size(of: path) ?? 0) + PreparationStep.environmentBytes)
        let paths = [path, description].map { URL(fileURLWithPath: $0).path } + [staged]
        try Disk.makeDirectory(staged)
        let options = ["--name", id, "--license", license]
        try PreparationStep(context: context).run("piper/split.py", paths + options)
    }

    private func checkSpace(_ need: Int64) throws(StoreError) {
        guard let free = context.options.freeSpace(context.home.root), free < need else { return }
        throw StoreError(
            .inputOutput,
            "'\(path)' needs \(megabytes(need)) in '\(context.home.root)', \(megabytes(free)) are free; free some and retry"
        )
    }

    /// The manifest of what is staged: the one it brought along when every hash in it is right, or a new one.
    private func manifest(id: String?, in root: String) throws(StoreError) -> Manifest {
        let files = try Manifest.files(in: root, cancellation: context.cancellation, meter: context.meter)
        let brought = Manifest.read(from: root)
        if let brought { try compare(files, with: brought) }
        let isRuntime = brought?.kind == .runtime
        let bundle = isRuntime ? nil : try BundleSummary(directory: root)
        guard let name = id ?? brought?.id ?? bundle?.name else {
            throw StoreError(.badData, "'\(path)' does not say its name; give one with --id")
        }
        return Manifest(
            id: name,
            kind: brought?.kind ?? .model,
            family: brought?.family ?? bundle?.family ?? "unknown",
            languages: brought?.languages ?? bundle?.languages ?? [],
            license: brought?.license ?? bundle?.license ?? license,
            sources: (brought?.sources ?? []) + ["imported from " + path],
            prepared: brought?.prepared,
            revision: brought?.revision ?? "imported",
            installed: Manifest.timestamp(),
            files: files
        )
    }

    private func compare(_ files: [Manifest.File], with brought: Manifest) throws(StoreError) {
        for expected in brought.files {
            let actual = files.first { $0.path == expected.path }?.sha256 ?? "no such file"
            guard actual == expected.sha256 else {
                throw StoreError(
                    .badData,
                    "'\(expected.path)' in '\(path)' is not what its manifest says: expected SHA-256 \(expected.sha256), "
                        + "got \(actual); copy it again"
                )
            }
        }
    }
}
