import Inference

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A vendor's library, loaded at run time and never unloaded: the one binary runs where it is missing.
struct DynamicLibrary {
    /// Path or soname it was loaded by.
    let path: String
    private let handle: UnsafeMutableRawPointer

    /// - Throws: `runtimeUnavailable` with the loader's own words.
    init(path: String) throws(InferenceError) {
        guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
            let reason = dlerror().map { String(cString: $0) } ?? "unknown reason"
            throw InferenceError(.runtimeUnavailable, "cannot load \(path): \(reason)", graph: nil)
        }
        self.path = path
        self.handle = handle
    }

    /// Looks a function up.
    /// - Throws: `runtimeUnavailable` naming the symbol and the library.
    func function<Function>(_ symbol: String, as type: Function.Type) throws(InferenceError) -> Function {
        guard let address = dlsym(handle, symbol) else {
            throw InferenceError(.runtimeUnavailable, "\(path) has no \(symbol); is it the right library?")
        }
        return unsafeBitCast(address, to: type)
    }
}
