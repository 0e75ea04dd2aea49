package import Inference

extension RKNNFile {
    /// Whether this file can run here, told before a library or a device has to refuse it.
    ///
    /// - Parameters:
    ///   - board: what it is to run on; nil leaves the chip unchecked.
    ///   - runtimeVersion: what the library says of itself; nil leaves the releases unchecked.
    ///   - isSimulator: whether the library is the simulator.
    /// - Throws: `badModel` naming what does not fit and what to do.
    package func check(board: Board?, runtimeVersion: String?, isSimulator: Bool) throws(InferenceError) {
        if isSimulated, !isSimulator {
            throw refused(
                "it is a container of the simulator and holds no code for an NPU; convert the model, "
                    + "or run with --simulate \(targets.first ?? "rk3588")"
            )
        }
        if !isSimulated, isSimulator {
            throw refused(
                "it is compiled for a real NPU, which the simulator cannot run; without --simulate it runs "
                    + "on a board, and with it the placement's ONNX file is used"
            )
        }
        if let board, board.hasNPU, !targets.contains(board.id) {
            throw refused(
                "it was made for \(targets.joined(separator: ", ")), but this board is an \(board.id); "
                    + "the file for it would be \(name(for: board.id)): convert the model with target \(board.id)"
            )
        }
        guard !isSimulated, let runtimeVersion, let runtime = Release(runtimeVersion),
            let toolkit = Release(toolkitVersion), toolkit.isNewerSeries(than: runtime)
        else { return }
        throw refused(
            "it was made by toolkit \(toolkitVersion), which is newer than the runtime \(runtime): "
                + "update librknnrt to \(toolkit) or later, or convert the model with toolkit \(runtime)"
        )
    }

    /// The file's name with another chip in it: `decoder.rk3588.rknn` is `decoder.rk3576.rknn` for an RK3576. One that
    /// names the chip already holds the wrong content.
    func name(for board: String) -> String {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        if name.contains(board) { return name }
        for target in targets where name.contains(target) { return name.replacing(target, with: board) }
        return (name.hasSuffix(".rknn") ? String(name.dropLast(5)) : name) + ".\(board).rknn"
    }

    private func refused(_ reason: String) -> InferenceError { InferenceError(.badModel, reason, graph: path) }
}
