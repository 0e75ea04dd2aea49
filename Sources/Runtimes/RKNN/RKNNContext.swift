import CRuntimes
import Inference
import Synchronization

/// A context with its memory: one run at a time, on whatever core it is told.
final class RKNNContext: Sendable {
    let owned: OwnedContext
    private let transfer: any RKNNTransfer
    /// Cores that the library was told last; nil leaves the choice to it.
    private let cores = Mutex<CoreMask?>(nil)

    init(_ owned: OwnedContext, _ transfer: any RKNNTransfer) {
        self.owned = owned
        self.transfer = transfer
    }

    /// The last cores it ran on.
    var lastCores: CoreMask? { cores.withLock { $0 } }

    /// Has the next run use these cores; the library is asked only when they change.
    /// - Throws: `deviceUnavailable` with the masks that the board takes.
    func use(_ mask: CoreMask, of board: Board) throws(InferenceError) {
        // The library has no choice to offer where there is one core.
        guard board.cores > 1, lastCores != mask else { return }
        let status = RKNNStatus(code: owned.library.calls.setCoreMask(owned.handle, mask.rawValue))
        guard status.isOK else {
            guard Int(status.code) == Int(RKNN_STATUS_BAD_PARAMETER) else {
                throw status.error("rknn_set_core_mask", owned.path, "\(mask)")
            }
            throw InferenceError(
                .deviceUnavailable,
                "the driver refuses core mask \(mask.rawValue) (\(mask)) with \(status.name); "
                    + "\(board.name) takes \(board.maskList)",
                graph: owned.path,
                status: status.code
            )
        }
        cores.withLock { $0 = mask }
    }

    /// Runs on the calling thread and blocks it.
    func run(_ tensors: [Tensor]) throws(InferenceError) -> [Tensor] { try transfer.run(tensors) }
}
