import Foundation
import Inference
import Speech

/// Text of standard input, handed on as it comes: the speech of a sentence starts before the next one is typed.
struct StandardInputText: AsyncSequence, Sendable {
    typealias Element = String
    typealias Failure = SpeechError

    func makeAsyncIterator() -> Iterator { Iterator() }

    struct Iterator: AsyncIteratorProtocol {
        // Reading a pipe blocks; that must not happen on a thread of the cooperative pool.
        private let pool = BlockingPool(label: "rkvoice.stdin")
        private var incomplete: [UInt8] = []

        mutating func next() async throws(SpeechError) -> String? { try await next(isolation: #isolation) }

        mutating func next(isolation actor: isolated (any Actor)?) async throws(SpeechError) -> String? {
            while true {
                let (bytes, error) = await withTaskExecutorPreference(pool) { Self.read() }
                if error != 0 {
                    throw SpeechError(.invalidText, "cannot read standard input: \(String(cString: strerror(error)))")
                }
                guard !bytes.isEmpty else {
                    defer { incomplete = [] }
                    return incomplete.isEmpty ? nil : String(decoding: incomplete, as: UTF8.self)
                }
                let all = incomplete + bytes
                let whole = all.count - Self.cutCharacter(all)
                incomplete = Array(all[whole...])
                if whole > 0 { return String(decoding: all[..<whole], as: UTF8.self) }
            }
        }

        private static func read() -> ([UInt8], Int32) {
            var buffer = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = Foundation.read(0, &buffer, buffer.count)
                if count >= 0 { return (Array(buffer[..<count]), 0) }
                if errno != EINTR { return ([], errno) }
            }
        }

        /// Bytes at the end that begin a character whose rest has not come yet: at most three.
        private static func cutCharacter(_ bytes: [UInt8]) -> Int {
            for back in 1...3 where back <= bytes.count {
                let byte = bytes[bytes.count - back]
                if byte & 0xC0 == 0x80 { continue }
                let length = byte & 0xE0 == 0xC0 ? 2 : byte & 0xF0 == 0xE0 ? 3 : byte & 0xF8 == 0xF0 ? 4 : 1
                return length > back ? back : 0
            }
            return 0
        }
    }
}
