import Glibc
import Inference

/// Gives an input as a file that is gone with this process.
private func withFile(_ input: [UInt8], _ read: (String) -> Void) {
    guard let file = tmpfile() else { return tell("no temporary file: \(errno)") }
    defer { fclose(file) }
    guard write(fileno(file), input, input.count) == input.count else { return tell("the file cannot be written") }
    read("/proc/self/fd/\(fileno(file))")
}

/// ONNX: what exporters wrote beside the graph, and the graph without its weights.
@Sendable func fuzzONNX(_ input: [UInt8]) {
    withFile(input) { path in
        do throws(InferenceError) {
            _ = try ONNXMetadata.read(path)
            guard let outline = try ONNXOutline.read(path) else { return }
            promise(outline.outside <= input.count, "weights that are in the file: \(outline.outside)")
            promise(outline.bytes.count <= 2 * input.count, "no more than there was: \(outline.bytes.count)")
            again(outline)
        } catch {
            promiseOneLine("\(error)")
        }
    }
}

/// An outline is an ONNX file too.
private func again(_ outline: ONNXOutline) {
    withFile(outline.bytes) { path in
        do throws(InferenceError) {
            _ = try ONNXOutline.read(path)
        } catch {
            promise(false, "an outline that can be read: \(error)")
        }
    }
}

/// RKNN: its header and the description at its end.
@Sendable func fuzzRKNN(_ input: [UInt8]) {
    withFile(input) { path in
        do throws(InferenceError) {
            let file = try RKNNFile(path: path)
            promise(file.modelBytes <= input.count, "no more than there is: \(file.modelBytes)")
            for port in file.ports { promise(!port.description.isEmpty, "ports that can be shown") }
        } catch {
            promiseOneLine("\(error)")
        }
    }
}
