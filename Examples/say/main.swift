import Foundation
import RKVoice

let arguments = CommandLine.arguments.dropFirst()
let text = arguments.first ?? "Hello from a small board."
let file = arguments.dropFirst().first ?? "hello.wav"
do {
    let narrator = try await Narrator.load()
    let cost = try await narrator.write(text, to: file)
    print("\(file): \(cost.duration) s of speech, made in \(cost.inferenceTime) s")
} catch {
    FileHandle.standardError.write(Data("\(error)\n".utf8))
    exit(1)
}
