import CRuntimes
import Inference

/// An input or output as the library describes it, and as a model sees it.
///
/// A model sees floats whatever the device computes with, and the order of axes that the ONNX file had: the library
/// tells inputs of four dimensions as NHWC, a model gives NCHW.
struct RKNNPort: Sendable {
    let attr: RKNNTensorAttr
    let spec: TensorSpec
    let isInput: Bool
    /// Set where channels come last in memory and first for the model.
    let order: ChannelsLast?

    /// Elements of a run.
    var count: Int { Int(attr.elements) }

    /// - Throws: `badModel` for a description that contradicts itself or an element type that we do not carry.
    init(_ attr: RKNNTensorAttr, isInput: Bool, path: String) throws(InferenceError) {
        let name = text(of: attr.name)
        let dims = withUnsafeBytes(of: attr.dims) { bytes in
            bytes.bindMemory(to: UInt32.self).prefix(Int(min(attr.rank, UInt32(RKNN_DIMENSIONS_MAX)))).map(Int.init)
        }
        let product = dims.reduce((1, false)) { sum, length in
            let (next, overflow) = sum.0.multipliedReportingOverflow(by: length)
            return (next, sum.1 || overflow)
        }
        guard !product.1, product.0 == Int(attr.elements), attr.elements > 0, attr.elements <= 1 << 28 else {
            throw InferenceError(
                .badModel,
                "the library describes \"\(name)\" as \(dims) with \(attr.elements) elements, which cannot be right",
                graph: path
            )
        }
        guard let dtype = Self.dtype(attr) else {
            throw InferenceError(.badModel, "\"\(name)\" has element type \(attr.type), not supported", graph: path)
        }
        let isChannelsLast = dims.count == 4 && attr.layout == RKNN_LAYOUT_NHWC
        let last = isChannelsLast ? ChannelsLast(nhwc: dims, widthStride: isInput ? Int(attr.width_stride) : 0) : nil
        self.attr = attr
        self.isInput = isInput
        order = last.flatMap { $0.isIdentity ? nil : $0 }
        spec = TensorSpec(name, dtype, last?.nchw ?? dims)
    }

    /// What a model sees: reals as f32, integers and truth values as they are.
    private static func dtype(_ attr: RKNNTensorAttr) -> DType? {
        let isReal = attr.quantization != RKNN_QUANTIZATION_NONE
        switch Int(attr.type) {
        case Int(RKNN_TYPE_FLOAT32), Int(RKNN_TYPE_FLOAT16), Int(RKNN_TYPE_BFLOAT16): return .f32
        case Int(RKNN_TYPE_INT8): return isReal ? .f32 : .i8
        case Int(RKNN_TYPE_UINT8): return isReal ? .f32 : .u8
        case Int(RKNN_TYPE_INT16), Int(RKNN_TYPE_UINT16): return isReal ? .f32 : nil
        case Int(RKNN_TYPE_INT32): return .i32
        case Int(RKNN_TYPE_INT64): return .i64
        case Int(RKNN_TYPE_BOOL): return .bool
        default: return nil
        }
    }

    /// The library's number for the type that a model sees.
    var hostType: Int32 {
        switch spec.dtype {
        case .f32: Int32(RKNN_TYPE_FLOAT32)
        case .f16: Int32(RKNN_TYPE_FLOAT16)
        case .i64: Int32(RKNN_TYPE_INT64)
        case .i32: Int32(RKNN_TYPE_INT32)
        case .i8: Int32(RKNN_TYPE_INT8)
        case .u8: Int32(RKNN_TYPE_UINT8)
        case .bool: Int32(RKNN_TYPE_BOOL)
        }
    }

    /// Whether a tensor has this shape; axes of length 1 may be there or not.
    func fits(_ tensor: Tensor) -> Bool {
        if tensor.shape.count == spec.shape.count, zip(tensor.shape, spec.shape).allSatisfy({ $0 == $1 }) {
            return true
        }
        return tensor.shape.filter { $0 != 1 } == spec.shape.compactMap { $0 }.filter { $0 != 1 }
    }
}

/// Every port of a model.
struct RKNNPorts: Sendable {
    let inputs: [RKNNPort]
    let outputs: [RKNNPort]

    /// - Throws: `badModel` when the library's description cannot be used.
    init(of context: OwnedContext) throws(InferenceError) {
        var counts = RKNNTensorCounts()
        try context.ask(Int(RKNN_ASK_COUNTS), &counts)
        guard counts.inputs <= 256, counts.outputs > 0, counts.outputs <= 256 else {
            throw InferenceError(
                .badModel,
                "the library tells of \(counts.inputs) inputs and \(counts.outputs) outputs, which cannot be right",
                graph: context.path
            )
        }
        inputs = try Self.ports(of: context, Int(RKNN_ASK_INPUT), counts.inputs)
        outputs = try Self.ports(of: context, Int(RKNN_ASK_OUTPUT), counts.outputs)
    }

    private static func ports(
        of context: OwnedContext,
        _ what: Int,
        _ count: UInt32
    ) throws(InferenceError) -> [RKNNPort] {
        var ports: [RKNNPort] = []
        for index in 0..<count {
            var attr = RKNNTensorAttr()
            attr.index = index
            try context.ask(what, &attr)
            ports.append(try RKNNPort(attr, isInput: what == Int(RKNN_ASK_INPUT), path: context.path))
        }
        return ports
    }

    /// Bytes of one set of inputs, and of outputs.
    var bytes: (inputs: Int, outputs: Int) {
        func sum(_ ports: [RKNNPort]) -> Int { ports.reduce(0) { $0 + $1.count * $1.spec.dtype.size } }
        return (sum(inputs), sum(outputs))
    }

    /// Sets of outputs of one context that may be lent at a time: 32 MB of them, but two at least, of which one is read
    /// while the other is written, and eight at most.
    var lentLimit: Int { max(2, min(8, (32 << 20) / max(1, bytes.outputs))) }

    /// The tensors in the order of the inputs. The library reads past a tensor that is too short, so that sizes are
    /// looked at here.
    /// - Throws: `invalidTensor` naming the input and what it should be.
    func ordered(_ tensors: [String: Tensor], path: String) throws(InferenceError) -> [Tensor] {
        var ordered: [Tensor] = []
        ordered.reserveCapacity(inputs.count)
        for port in inputs {
            guard let tensor = tensors[port.spec.name] else {
                throw InferenceError(.invalidTensor, "the input \"\(port.spec.name)\" is missing", graph: path)
            }
            guard tensor.dtype == port.spec.dtype, port.fits(tensor) else {
                let given = TensorSpec(port.spec.name, tensor.dtype, tensor.shape)
                throw InferenceError(.invalidTensor, "the input is \(given), not \(port.spec)", graph: path)
            }
            ordered.append(tensor)
        }
        if tensors.count > inputs.count,
            let extra = tensors.keys.first(where: { name in
                !inputs.contains { $0.spec.name == name }
            })
        {
            throw InferenceError(.invalidTensor, "the graph has no input \"\(extra)\"", graph: path)
        }
        return ordered
    }
}
