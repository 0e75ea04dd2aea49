import Glibc

/// Every target by its name; one of them is run, that of the variable RKVOICE_FUZZ.
let targets: [String: @Sendable ([UInt8]) -> Void] = [
    "wav": fuzzWAV, "container": fuzzContainer, "foreign": fuzzForeign, "raw": fuzzRaw,
    "catalog": fuzzCatalog, "bundle": fuzzBundle, "cmvn": fuzzCMVN,
    "tokens": fuzzTokens, "sentencepiece": fuzzSentencePiece, "whisper-tokens": fuzzWhisperTokens,
    "onnx": fuzzONNX, "rknn": fuzzRKNN,
    "grammar": fuzzGrammar, "splitter": fuzzSplitter, "speakable": fuzzSpeakable, "markdown": fuzzMarkdown,
    "spoken": fuzzSpoken, "lexicon": fuzzLexicon,
    "json": fuzzJSON, "multipart": fuzzMultipart, "header": fuzzHeader, "events": fuzzEvents,
]

private let chosen: @Sendable ([UInt8]) -> Void = {
    let name = getenv("RKVOICE_FUZZ").map { String(cString: $0) } ?? ""
    guard let target = targets[name] else {
        tell("RKVOICE_FUZZ names one of \(targets.keys.sorted().joined(separator: " "))")
        exit(64)
    }
    return target
}()

/// Called by libFuzzer for each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    chosen(data.map { Array(UnsafeBufferPointer(start: $0, count: count)) } ?? [])
    return 0
}

/// Ends the run with the input that broke a promise.
func promise(_ isKept: Bool, _ words: @autoclosure () -> String) {
    if !isKept {
        tell("broken promise: \(words())")
        abort()
    }
}

/// An error for people: one line with something in it.
func promiseOneLine(_ message: String) {
    promise(!message.isEmpty && !message.contains("\n") && !message.contains("\0"), "a message of one line: \(message)")
}

/// A line on standard error.
func tell(_ words: String) {
    let line = words + "\n"
    _ = write(2, line, line.utf8.count)
}
