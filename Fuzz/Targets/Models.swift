import Foundation
import Inference
import SpeechSignal
import SpeechText

/// The catalog of models.
@Sendable func fuzzCatalog(_ input: [UInt8]) {
    do throws(StoreError) {
        let catalog = try Catalog.decode(input, name: "catalog.json")
        for entry in catalog.entries {
            promise(StoreHome.isValidID(entry.id), "an id that is safe as a name: \(entry.id)")
            for file in entry.files {
                promise(!file.path.split(separator: "/").contains(".."), "no way out: \(file.path)")
                promise(!file.path.hasPrefix("/"), "no way out: \(file.path)")
            }
        }
        _ = catalog.nearestID(to: String(decoding: input.prefix(40), as: UTF8.self))
    } catch {
        promise(!error.message.isEmpty, "a message")
    }
}

/// `bundle.json`, as a model's code takes it apart.
@Sendable func fuzzBundle(_ input: [UInt8]) {
    do throws(InferenceError) {
        let bundle = try ModelBundle(directory: "/models/x", json: Data(input))
        for name in bundle.placements.keys { _ = try bundle.placement(name) }
        _ = try bundle.config([String: Int].self)
    } catch {
        promise(!"\(error)".isEmpty, "a message")
    }
}

/// Statistics of a front end: the first byte says which of the two texts.
@Sendable func fuzzCMVN(_ input: [UInt8]) {
    let text = String(decoding: input.dropFirst(), as: UTF8.self)
    if input.first.map({ $0 % 2 == 0 }) ?? false {
        _ = try? CMVN(kaldiNnet: text)
    } else {
        let halves = text.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
        _ = try? CMVN(negMean: String(halves.first ?? ""), invStddev: String(halves.last ?? ""))
    }
}

/// `tokens.txt`.
@Sendable func fuzzTokens(_ input: [UInt8]) {
    guard let table = try? TokenTable(text: String(decoding: input, as: UTF8.self)) else { return }
    join(table)
}

/// `*.bpe.model`.
@Sendable func fuzzSentencePiece(_ input: [UInt8]) {
    guard let table = try? TokenTable(sentencePiece: input) else { return }
    join(table)
}

private func join(_ table: TokenTable) {
    promise(table[-1].isEmpty && table[table.count].isEmpty, "tokens that are not there are empty")
    let pieces = (0..<min(table.count, 200)).map { table[$0] }
    _ = TokenText.joined(pieces, table.style)
}

/// `tokens.bin` of Whisper, and texts of its tokens in and out of order.
@Sendable func fuzzWhisperTokens(_ input: [UInt8]) {
    guard let table = try? WhisperTokens(bytes: input) else { return }
    let ids = input.map { Int($0) - 1 } + [table.count, -1, .max]
    var stream = WhisperTokens.Stream(table)
    let streamed = ids.map { stream.append($0) }.joined() + stream.finish()
    promise(Array(streamed.utf8) == Array(table.text(of: ids).utf8), "token by token it is the same text")
}

/// A grammar of OpenFst; what follows the 200th byte from the end is also the text it rewrites.
@Sendable func fuzzGrammar(_ input: [UInt8]) {
    guard let grammar = try? Transducer(openFst: input) else { return }
    if let output = grammar.output(of: Array(input.suffix(50)), limit: 1_000) {
        promise(output.count <= 1_000, "no more than the limit: \(output.count)")
    }
}
