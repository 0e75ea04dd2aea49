import Foundation
import Inference
import RKVoice
import Testing

private let package = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
/// Where the examples, the tests and rkvoice-espeak are built.
private let products = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()

@Suite("The library's first page", .serialized)
struct DocumentationTests {
    @Test("The code on the page is the code of the examples", arguments: ["say", "transcribe-file"])
    func codeIsTheExample(name: String) throws {
        let page = try text("Sources/RKVoice/Documentation.docc/RKVoice.md")
        let example = try text("Examples/\(name)/main.swift")
        #expect(codeBlocks(of: page).contains(example), "copy Examples/\(name)/main.swift into RKVoice.md, or back")
    }

    @Test("One example speaks a sentence, and the other understands it")
    func examplesUnderstandEachOther() async throws {
        let sentence = "The quick brown fox jumps over the lazy dog."
        let folder = products.appendingPathComponent("documentation-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("fox.wav").path

        let spoken = try await run("example-say", sentence, file)
        #expect(spoken.status == 0, "\(spoken.errors)")
        #expect(spoken.output.hasPrefix(file))
        let written = try await run("example-transcribe-file", file)
        #expect(written.status == 0, "\(written.errors)")
        // The example gives no seed: every reading is another one, and now and then one word of it is heard wrong.
        let (heard, said) = (words(of: written.output), words(of: sentence))
        #expect(heard.count == said.count && zip(heard, said).filter { $0 != $1 }.count <= 1, "\(written.output)")
    }

    @Test("An example that cannot read its file says so in one line")
    func exampleReportsErrors() async throws {
        let result = try await run("example-transcribe-file", "/nowhere/fox.wav")
        #expect(result.status == 1)
        #expect(result.output.isEmpty)
        #expect(result.errors.contains("/nowhere/fox.wav"))
        #expect(result.errors.split(separator: "\n").count == 1)
    }

    private func text(_ path: String) throws -> String {
        try String(contentsOf: package.appendingPathComponent(path), encoding: .utf8)
    }

    /// What stands between the Swift fences of a page, each block with its last line break.
    private func codeBlocks(of page: String) -> [String] {
        page.components(separatedBy: "```swift\n").dropFirst().compactMap { $0.components(separatedBy: "```").first }
    }

    /// Words without case and punctuation.
    private func words(of text: String) -> [String] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }
}

private struct Ending: Sendable {
    var status: Int32
    var output: String
    var errors: String
}

/// Runs a built example to its end.
private func run(_ name: String, _ arguments: String...) async throws -> Ending {
    let program = products.appendingPathComponent(name)
    try #require(
        FileManager.default.isExecutableFile(atPath: program.path),
        "build it: swift build -c release --product \(name)"
    )
    // Waiting for a program blocks; that must not happen on a thread of the cooperative pool.
    return try await withTaskExecutorPreference(BlockingPool(label: "example")) {
        try wait(for: program, arguments)
    }
}

private func wait(for program: URL, _ arguments: [String]) throws -> Ending {
    let process = Process()
    let (output, errors) = (Pipe(), Pipe())
    process.executableURL = program
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    // One after the other: what an example says on either is far less than a pipe holds.
    let said = output.fileHandleForReading.readDataToEndOfFile()
    let complained = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Ending(
        status: process.terminationStatus,
        output: String(decoding: said, as: UTF8.self),
        errors: String(decoding: complained, as: UTF8.self)
    )
}
