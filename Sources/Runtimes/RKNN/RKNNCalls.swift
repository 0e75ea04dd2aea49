import CRuntimes
import Inference

/// The functions of librknnrt that we call, looked up once.
struct RKNNCalls {
    let create: RKNNInitCall
    let duplicate: RKNNDuplicateCall
    let destroy: RKNNDestroyCall
    let query: RKNNQueryCall
    let setCoreMask: RKNNSetCoreMaskCall
    let run: RKNNRunCall
    let copies: Copies
    let memory: Memory

    /// Inputs and outputs that the library copies.
    struct Copies {
        let setInputs: RKNNSetInputsCall
        let getOutputs: RKNNGetOutputsCall
        let releaseOutputs: RKNNReleaseOutputsCall
    }

    /// Memory that process and device share.
    struct Memory {
        let create: RKNNCreateMemoryCall
        let importDescriptor: RKNNCreateMemoryFromDescriptorCall
        let destroy: RKNNDestroyMemoryCall
        let bind: RKNNSetTensorMemoryCall
    }

    /// - Throws: `runtimeUnavailable` naming the symbol and the library.
    init(_ library: DynamicLibrary) throws(InferenceError) {
        create = try library.function("rknn_init", as: RKNNInitCall.self)
        duplicate = try library.function("rknn_dup_context", as: RKNNDuplicateCall.self)
        destroy = try library.function("rknn_destroy", as: RKNNDestroyCall.self)
        query = try library.function("rknn_query", as: RKNNQueryCall.self)
        setCoreMask = try library.function("rknn_set_core_mask", as: RKNNSetCoreMaskCall.self)
        run = try library.function("rknn_run", as: RKNNRunCall.self)
        copies = Copies(
            setInputs: try library.function("rknn_inputs_set", as: RKNNSetInputsCall.self),
            getOutputs: try library.function("rknn_outputs_get", as: RKNNGetOutputsCall.self),
            releaseOutputs: try library.function("rknn_outputs_release", as: RKNNReleaseOutputsCall.self)
        )
        memory = Memory(
            create: try library.function("rknn_create_mem", as: RKNNCreateMemoryCall.self),
            importDescriptor: try library.function(
                "rknn_create_mem_from_fd",
                as: RKNNCreateMemoryFromDescriptorCall.self
            ),
            destroy: try library.function("rknn_destroy_mem", as: RKNNDestroyMemoryCall.self),
            bind: try library.function("rknn_set_io_mem", as: RKNNSetTensorMemoryCall.self)
        )
    }
}

/// What the simulator has beyond the vendor's functions.
struct RKNNSimulatorCalls {
    typealias ConfigureCall = @convention(c) (UnsafePointer<CChar>, UnsafePointer<CChar>) -> CInt
    typealias CountersCall = @convention(c) (UnsafeMutablePointer<CChar>, Int) -> CInt

    let configure: ConfigureCall
    let counters: CountersCall

    /// Nil for the vendor's library.
    init?(_ library: DynamicLibrary) {
        guard let configure = try? library.function("rknn_sim_configure", as: ConfigureCall.self),
            let counters = try? library.function("rknn_sim_counters", as: CountersCall.self)
        else { return nil }
        self.configure = configure
        self.counters = counters
    }
}
