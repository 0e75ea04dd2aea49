import CRuntimes

/// Where elements go when channels are first for the model and last in memory.
struct ChannelsLast: Sendable {
    let nchw: [Int]
    /// Elements of width from one row to the next, at least the width.
    let widthStride: Int

    init(nhwc dims: [Int], widthStride: Int) {
        nchw = [dims[0], dims[3], dims[1], dims[2]]
        self.widthStride = max(dims[2], widthStride)
    }

    /// Whether every element is at its place already: one channel, or one pixel, and rows without a gap.
    var isIdentity: Bool { (nchw[1] == 1 || nchw[2] * nchw[3] == 1) && widthStride == nchw[3] }

    /// Elements in memory, those between rows included.
    var count: Int { nchw[0] * nchw[2] * widthStride * nchw[1] }

    /// Calls with the place for the model and the place in memory, for every element.
    @inline(__always)
    func forEach(_ body: (_ model: Int, _ memory: Int) -> Void) {
        let (channels, height, width) = (nchw[1], nchw[2], nchw[3])
        var model = 0
        for image in 0..<nchw[0] {
            for channel in 0..<channels {
                for row in 0..<height {
                    var memory = ((image * height + row) * widthStride) * channels + channel
                    for _ in 0..<width {
                        body(model, memory)
                        model += 1
                        memory += channels
                    }
                }
            }
        }
    }
}

/// Moves elements between a model's tensor and memory of the device, changing type and order on the way.
enum ElementTransfer {
    /// Every element, in the order of the memory.
    @inline(__always)
    static func scatter<Source, Target>(
        _ source: UnsafePointer<Source>,
        to target: UnsafeMutablePointer<Target>,
        count: Int,
        order: ChannelsLast?,
        _ convert: (Source) -> Target
    ) {
        if let order {
            order.forEach { model, memory in target[memory] = convert(source[model]) }
        } else {
            for index in 0..<count { target[index] = convert(source[index]) }
        }
    }

    /// Every element, in the order of the model.
    @inline(__always)
    static func gather<Source, Target>(
        _ source: UnsafePointer<Source>,
        to target: UnsafeMutablePointer<Target>,
        count: Int,
        order: ChannelsLast?,
        _ convert: (Source) -> Target
    ) {
        if let order {
            order.forEach { model, memory in target[model] = convert(source[memory]) }
        } else {
            for index in 0..<count { target[index] = convert(source[index]) }
        }
    }

    /// Elements as they are, only in another order.
    static func scatter(
        _ source: UnsafeRawPointer,
        to target: UnsafeMutableRawPointer,
        elementSize: Int,
        order: ChannelsLast
    ) {
        order.forEach { model, memory in
            (target + memory * elementSize).copyMemory(from: source + model * elementSize, byteCount: elementSize)
        }
    }
}

/// Reals as the device holds them, where we convert instead of the library.
struct RealEncoding: Sendable {
    let type: Int32
    private let scale: Float
    private let zeroPoint: Float

    /// Nil for a type that is no stand-in for reals.
    init?(_ attr: RKNNTensorAttr) {
        type = attr.type
        switch Int(attr.quantization) {
        case Int(RKNN_QUANTIZATION_AFFINE):
            (scale, zeroPoint) = (attr.scale, Float(attr.zero_point))
        case Int(RKNN_QUANTIZATION_FIXED_POINT):
            (scale, zeroPoint) = (Float(sign: .plus, exponent: -Int(attr.fraction_bits), significand: 1), 0)
        default:
            guard type == RKNN_TYPE_FLOAT16 else { return nil }
            (scale, zeroPoint) = (1, 0)
        }
        guard elementSize > 0, scale.isFinite, scale > 0 else { return nil }
    }

    /// Bytes of an element; 0 where we cannot convert.
    var elementSize: Int {
        switch Int(type) {
        case Int(RKNN_TYPE_INT8), Int(RKNN_TYPE_UINT8): 1
        case Int(RKNN_TYPE_FLOAT16), Int(RKNN_TYPE_INT16), Int(RKNN_TYPE_UINT16): 2
        default: 0
        }
    }

    func encode(
        _ source: UnsafePointer<Float>,
        to target: UnsafeMutableRawPointer,
        count: Int,
        order: ChannelsLast?
    ) {
        func integers<Whole: FixedWidthInteger>(_: Whole.Type) {
            let typed = target.assumingMemoryBound(to: Whole.self)
            ElementTransfer.scatter(source, to: typed, count: count, order: order) { value in
                let level = (value / scale + zeroPoint).rounded(.toNearestOrEven)
                // A value that is no number has no level; it becomes zero.
                return level.isNaN
                    ? Whole(clamping: Int(zeroPoint)) : Whole(clamping: Int(max(-65536, min(65536, level))))
            }
        }
        switch Int(type) {
        case Int(RKNN_TYPE_FLOAT16):
            let typed = target.assumingMemoryBound(to: Float16.self)
            ElementTransfer.scatter(source, to: typed, count: count, order: order) { Float16($0) }
        case Int(RKNN_TYPE_INT8): integers(Int8.self)
        case Int(RKNN_TYPE_UINT8): integers(UInt8.self)
        case Int(RKNN_TYPE_INT16): integers(Int16.self)
        default: integers(UInt16.self)
        }
    }

    func decode(
        _ source: UnsafeRawPointer,
        to target: UnsafeMutablePointer<Float>,
        count: Int,
        order: ChannelsLast?
    ) {
        func integers<Whole: FixedWidthInteger>(_: Whole.Type) {
            let typed = source.assumingMemoryBound(to: Whole.self)
            ElementTransfer.gather(typed, to: target, count: count, order: order) { (Float($0) - zeroPoint) * scale }
        }
        switch Int(type) {
        case Int(RKNN_TYPE_FLOAT16):
            let typed = source.assumingMemoryBound(to: Float16.self)
            ElementTransfer.gather(typed, to: target, count: count, order: order) { Float($0) }
        case Int(RKNN_TYPE_INT8): integers(Int8.self)
        case Int(RKNN_TYPE_UINT8): integers(UInt8.self)
        case Int(RKNN_TYPE_INT16): integers(Int16.self)
        default: integers(UInt16.self)
        }
    }
}
