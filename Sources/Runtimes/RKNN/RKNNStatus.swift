import CRuntimes
import Inference

/// What a call of the vendor's library returned: its name there, what it usually means, what to do.
struct RKNNStatus: Sendable, Hashable {
    let code: Int32

    var isOK: Bool { code == RKNN_STATUS_OK }

    private struct Entry {
        var name: String
        var meaning: String
        var remedy: String
    }

    private static let entries: [Int32: Entry] = [
        -1: Entry(
            name: "RKNN_ERR_FAIL",
            meaning: "the driver gave up",
            remedy: "`dmesg | grep -i rknpu` tells more; the context is made anew for the next run"
        ),
        -2: Entry(
            name: "RKNN_ERR_TIMEOUT",
            meaning: "the NPU did not finish in the driver's time",
            remedy:
                "`dmesg | grep -i rknpu` tells more; RKLLM in the same IOMMU domain and driver 0.9.8 are known causes"
        ),
        -3: Entry(
            name: "RKNN_ERR_DEVICE_UNAVAILABLE",
            meaning: "there is no NPU device, or this user may not open it",
            remedy: "check `ls -l /dev/dri` and `cat /sys/kernel/debug/rknpu/version`; "
                + "a container needs the devices passed in"
        ),
        -4: Entry(
            name: "RKNN_ERR_MALLOC_FAIL",
            meaning: "NPU memory is used up",
            remedy: "load fewer models or fewer contexts of them; see `rkvoice plan`"
        ),
        -5: Entry(
            name: "RKNN_ERR_PARAM_INVALID",
            meaning: "the library does not take an argument",
            remedy: "it may be older than 1.6 or newer than this program knows"
        ),
        -6: Entry(
            name: "RKNN_ERR_MODEL_INVALID",
            meaning: "the file is damaged, or made by a toolkit that the library does not know",
            remedy: "see `rkvoice models inspect`; convert it with the toolkit of the library's release"
        ),
        -7: Entry(
            name: "RKNN_ERR_CTX_INVALID",
            meaning: "the context is gone",
            remedy: "the context is made anew for the next run"
        ),
        -8: Entry(
            name: "RKNN_ERR_INPUT_INVALID",
            meaning: "an input has another size or type than the model's",
            remedy: "see the shapes in `rkvoice models inspect`"
        ),
        -9: Entry(
            name: "RKNN_ERR_OUTPUT_INVALID",
            meaning: "an output has another size or type than the model's",
            remedy: "see the shapes in `rkvoice models inspect`"
        ),
        -10: Entry(
            name: "RKNN_ERR_DEVICE_UNMATCH",
            meaning: "library, driver and firmware do not belong together",
            remedy: "update librknnrt and the kernel's rknpu driver together"
        ),
        -11: Entry(
            name: "RKNN_ERR_INCOMPATILE_PRE_COMPILE_MODEL",
            meaning: "the file was compiled for another driver",
            remedy: "convert the model again"
        ),
        -12: Entry(
            name: "RKNN_ERR_INCOMPATILE_OPTIMIZATION_LEVEL_VERSION",
            meaning: "the file's optimization level is not for this driver",
            remedy: "convert the model again, or update librknnrt"
        ),
        -13: Entry(
            name: "RKNN_ERR_TARGET_PLATFORM_UNMATCH",
            meaning: "the file was made for another chip",
            remedy: "`rkvoice models inspect` names it; convert the model for this board"
        ),
    ]

    /// The vendor's name with the number.
    var name: String { Self.entries[code].map { "\($0.name) (\(code))" } ?? "status \(code)" }

    /// Which of our errors it is.
    var errorCode: InferenceError.Code {
        switch Int(code) {
        case Int(RKNN_STATUS_TIMED_OUT): .timedOut
        case Int(RKNN_STATUS_DEVICE_UNAVAILABLE): .deviceUnavailable
        case Int(RKNN_STATUS_OUT_OF_MEMORY): .outOfMemory
        case Int(RKNN_STATUS_DEVICE_MISMATCH): .runtimeUnavailable
        case Int(RKNN_STATUS_BAD_MODEL), Int(RKNN_STATUS_PRECOMPILED_MISMATCH),
            Int(RKNN_STATUS_OPTIMIZATION_MISMATCH), Int(RKNN_STATUS_PLATFORM_MISMATCH):
            .badModel
        default: .runtimeFailed
        }
    }

    /// An error that names the call, the status, what it usually means and what to do.
    /// - Parameters:
    ///   - call: the vendor's function.
    ///   - file: the model's path.
    ///   - detail: what was asked for, where that helps.
    /// - Returns: the error to throw.
    func error(_ call: String, _ file: String, _ detail: String = "") -> InferenceError {
        let known =
            Self.entries[code].map { ": \($0.meaning); \($0.remedy)" } ?? ", which the public header does not name"
        let about = detail.isEmpty ? "" : " (\(detail))"
        return InferenceError(errorCode, "\(call)\(about) gave \(name)\(known)", graph: file, status: code)
    }
}
