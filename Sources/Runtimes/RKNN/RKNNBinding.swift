import CRuntimes
import Inference

/// How a buffer is tied to a port: the description for the library, and who converts.
struct RKNNBinding: Sendable {
    let port: RKNNPort
    let attr: RKNNTensorAttr
    /// Set where the buffer holds the device's own type and the conversion is ours.
    let encoding: RealEncoding?
    /// Bytes of the buffer.
    let byteCount: Int

    /// The ways to try, the best first: the model's type, converted by the library, then the device's, converted here.
    static func candidates(for port: RKNNPort) -> [RKNNBinding] {
        var found = [RKNNBinding(port, type: port.hostType, elementSize: port.spec.dtype.size, encoding: nil)]
        if port.hostType != port.attr.type, let encoding = RealEncoding(port.attr) {
            found.append(
                RKNNBinding(port, type: encoding.type, elementSize: encoding.elementSize, encoding: encoding)
            )
        }
        return found
    }

    private init(_ port: RKNNPort, type: Int32, elementSize: Int, encoding: RealEncoding?) {
        var attr = port.attr
        attr.type = type
        // 0 has the library convert between this type and its own.
        attr.pass_through = 0
        let count = max(port.order?.count ?? 0, port.count)
        let strided = type == port.attr.type ? Int(port.attr.size_with_stride) : 0
        self.port = port
        self.attr = attr
        self.encoding = encoding
        byteCount = max(count * elementSize, strided)
    }

    /// Whether memory holds exactly what a model's tensor holds.
    var isPlain: Bool { encoding == nil && port.order == nil }

    /// The one write of an input: from the tensor into memory of the device.
    func write(_ tensor: Tensor, to memory: RKNNMemory) {
        let count = port.count
        tensor.buffer.withBytes { bytes in
            guard let source = bytes.baseAddress else { return }
            if let encoding {
                let reals = source.assumingMemoryBound(to: Float.self)
                encoding.encode(reals, to: memory.address, count: count, order: port.order)
            } else if let order = port.order {
                let size = port.spec.dtype.size
                ElementTransfer.scatter(source, to: memory.address, elementSize: size, order: order)
            } else {
                memory.address.copyMemory(from: source, byteCount: count * port.spec.dtype.size)
            }
        }
    }

    /// An output as a model wants it, copied.
    func read(_ memory: RKNNMemory) -> CopiedOutput {
        let (count, size) = (port.count, port.spec.dtype.size)
        let output = CopiedOutput(byteCount: count * size)
        guard let target = output.bytes.baseAddress else { return output }
        if let encoding {
            let reals = target.assumingMemoryBound(to: Float.self)
            encoding.decode(memory.address, to: reals, count: count, order: port.order)
        } else if let order = port.order {
            order.forEach { model, place in
                (target + model * size).copyMemory(from: memory.address + place * size, byteCount: size)
            }
        } else {
            target.copyMemory(from: memory.address, byteCount: count * size)
        }
        return output
    }

    /// A tensor over a buffer that holds the model's type and order.
    func tensor(_ buffer: any TensorBuffer) -> Tensor {
        Tensor(shape: port.spec.shape.compactMap { $0 }, dtype: port.spec.dtype, buffer: buffer)
    }
}
