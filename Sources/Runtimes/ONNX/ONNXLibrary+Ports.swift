import CRuntimes
import Inference

extension ONNXLibrary {
    typealias CountCall = @convention(c) (OpaquePointer, UnsafeMutablePointer<Int>) -> OpaquePointer?
    typealias NameCall =
        @convention(c) (
            OpaquePointer, Int, OpaquePointer, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
        ) -> OpaquePointer?
    typealias TypeCall = @convention(c) (OpaquePointer, Int, UnsafeMutablePointer<OpaquePointer?>) -> OpaquePointer?

    /// Names, types and shapes of a session's inputs or outputs.
    func ports(
        of session: OpaquePointer,
        _ count: CountCall,
        _ name: NameCall,
        _ type: TypeCall
    ) throws(InferenceError) -> [TensorSpec] {
        var total = 0
        try calls.check(count(session, &total))
        var specs: [TensorSpec] = []
        for index in 0..<total {
            var text: UnsafeMutablePointer<CChar>?
            try calls.check(name(session, index, allocator, &text))
            let portName = take(text)
            let info = try calls.created { type(session, index, &$0) }
            defer { calls.ReleaseTypeInfo(info) }
            var tensorInfo: OpaquePointer?
            try calls.check(calls.CastTypeInfoToTensorInfo(info, &tensorInfo))
            guard let tensorInfo else {
                throw InferenceError(.badModel, "\"\(portName)\" is not a tensor")
            }
            let (shape, dtype) = try calls.shapeAndType(tensorInfo)
            specs.append(TensorSpec(portName, dtype, shape))
        }
        return specs
    }

    /// The file's own key-value pairs.
    func metadata(of session: OpaquePointer) throws(InferenceError) -> [String: String] {
        let data = try calls.created { calls.SessionGetModelMetadata(session, &$0) }
        defer { calls.ReleaseModelMetadata(data) }
        var keys: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        var count: Int64 = 0
        try calls.check(calls.ModelMetadataGetKeys(data, allocator, &keys, &count))
        guard let keys else { return [:] }
        defer { free(keys) }
        var pairs: [String: String] = [:]
        for index in 0..<Int(count) {
            let key = take(keys[index])
            var value: UnsafeMutablePointer<CChar>?
            try calls.check(calls.ModelMetadataLookup(data, allocator, key, &value))
            pairs[key] = take(value)
        }
        return pairs
    }

    /// A value over memory that stays the caller's.
    func value(
        over bytes: UnsafeRawBufferPointer,
        shape: [Int],
        dtype: DType
    ) throws(InferenceError) -> OpaquePointer {
        let data = UnsafeMutableRawPointer(mutating: bytes.baseAddress)
        return try calls.created {
            calls.CreateTensorWithDataAsOrtValue(
                memory,
                data,
                bytes.count,
                shape.map(Int64.init),
                shape.count,
                dtype.onnx,
                &$0
            )
        }
    }

    private func take(_ text: UnsafeMutablePointer<CChar>?) -> String {
        guard let text else { return "" }
        defer { free(text) }
        return String(cString: text)
    }

    private func free(_ memory: UnsafeMutableRawPointer) {
        if let status = calls.AllocatorFree(allocator, memory) { calls.ReleaseStatus(status) }
    }
}

extension OrtCalls {
    /// Axes that vary are nil.
    func shapeAndType(_ info: OpaquePointer) throws(InferenceError) -> ([Int?], DType) {
        var type: Int32 = 0
        try check(GetTensorElementType(info, &type))
        guard let dtype = DType(onnx: type) else {
            throw InferenceError(.badModel, "element type \(type) is not supported")
        }
        var rank = 0
        try check(GetDimensionsCount(info, &rank))
        var axes = [Int64](repeating: 0, count: rank)
        try check(GetDimensions(info, &axes, rank))
        return (axes.map { $0 < 0 ? nil : Int($0) }, dtype)
    }
}

extension DType {
    var onnx: Int32 {
        switch self {
        case .f32: Int32(ORT_F32)
        case .f16: Int32(ORT_F16)
        case .i64: Int32(ORT_I64)
        case .i32: Int32(ORT_I32)
        case .i8: Int32(ORT_I8)
        case .u8: Int32(ORT_U8)
        case .bool: Int32(ORT_BOOL)
        }
    }

    init?(onnx type: Int32) {
        let all: [DType] = [.f32, .f16, .i64, .i32, .i8, .u8, .bool]
        guard let match = all.first(where: { $0.onnx == type }) else { return nil }
        self = match
    }
}
