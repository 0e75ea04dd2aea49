/// A handle that its vendor documents as usable from any thread.
///
/// The only place where we vouch for a vendor's thread safety; each use says which promise it relies on.
struct ForeignHandle<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
}
