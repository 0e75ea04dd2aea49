import CRuntimes
import Inference
import Synchronization

/// One `rknn_context`: destroyed when the last user of it or of its memory is gone.
final class OwnedContext: Sendable {
    let library: RKNNLibrary
    /// The model's file, for messages.
    let path: String
    let handle: RKNNHandle
    private let givenUp = Mutex(false)

    /// Whether nobody will run it any more; it lives on as long as its results do.
    var isGivenUp: Bool { givenUp.withLock { $0 } }

    /// Nobody will run it any more.
    func giveUp() { givenUp.withLock { $0 = true } }

    /// Loads the file.
    init(path: String, library: RKNNLibrary) throws(InferenceError) {
        var handle: RKNNHandle = 0
        let status = path.utf8CString.withUnsafeBufferPointer { text in
            // With size 0 it is a path, which the library only reads.
            text.baseAddress.map { library.calls.create(&handle, UnsafeMutableRawPointer(mutating: $0), 0, 0, nil) }
        }
        try RKNNStatus(status).check("rknn_init", path)
        self.library = library
        self.path = path
        self.handle = handle
        library.count(1)
    }

    /// Another context of the same model, which shares its weights.
    init(duplicating original: OwnedContext) throws(InferenceError) {
        var source = original.handle
        var handle: RKNNHandle = 0
        try RKNNStatus(original.library.calls.duplicate(&source, &handle)).check("rknn_dup_context", original.path)
        library = original.library
        path = original.path
        self.handle = handle
        library.count(1)
    }

    deinit {
        _ = library.calls.destroy(handle)
        library.count(-1)
    }

    /// Asks for one of the C structures.
    /// - Parameters:
    ///   - what: one of `RKNN_ASK_...`.
    ///   - value: filled in; of the structure that belongs to the question.
    /// - Throws: the library's status in words.
    func ask<Value>(_ what: Int, _ value: inout Value) throws(InferenceError) {
        let size = UInt32(MemoryLayout<Value>.size)
        let status = withUnsafeMutablePointer(to: &value) { pointer in
            library.calls.query(handle, Int32(what), UnsafeMutableRawPointer(pointer), size)
        }
        try RKNNStatus(status).check("rknn_query", path, "command \(what)")
    }

    /// What library and driver say of themselves.
    func versions() throws(InferenceError) -> RKNNLibrary.Versions {
        var version = RKNNVersion()
        try ask(Int(RKNN_ASK_VERSION), &version)
        return RKNNLibrary.Versions(library: text(of: version.library), driver: text(of: version.driver))
    }

    /// Bytes on the device: weights, which duplicates share, and what each context needs besides.
    func memory() throws(InferenceError) -> (weights: Int, internal: Int) {
        var size = RKNNMemorySize()
        try ask(Int(RKNN_ASK_MEMORY), &size)
        return (Int(size.weights), Int(size.`internal`))
    }
}

extension RKNNStatus {
    init(_ code: CInt?) { self.code = code ?? Int32(RKNN_STATUS_BAD_PARAMETER) }

    /// - Throws: the status in words, unless it is a success.
    func check(_ call: String, _ path: String, _ detail: String = "") throws(InferenceError) {
        if !isOK { throw error(call, path, detail) }
    }
}

/// The text in a fixed array of C characters, up to its zero.
func text<Characters>(of characters: Characters) -> String {
    withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
}
