import Foundation
import Testing

private let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appendingPathComponent("rkvoice-espeak")
private let isBuilt = FileManager.default.isExecutableFile(atPath: executable.path)

/// The program itself, as any client sees it.
@Suite(.enabled(if: isBuilt, "rkvoice-espeak is not built: run swift build -c release --product rkvoice-espeak"))
struct EspeakProgramTests {
    private func run(_ arguments: [String] = [], input: [UInt8]) throws -> (code: Int32, output: [UInt8]) {
        let process = Process()
        let (stdin, stdout) = (Pipe(), Pipe())
        process.executableURL = executable
        process.arguments = arguments
        (process.standardInput, process.standardOutput) = (stdin, stdout)
        process.standardError = FileHandle.nullDevice
        try process.run()
        try stdin.fileHandleForWriting.write(contentsOf: Data(input))
        try stdin.fileHandleForWriting.close()
        let output = try stdout.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, Array(output))
    }

    private func request(_ text: String, voice: String) -> [UInt8] {
        [UInt8(voice.utf8.count), 0, 0, 0, UInt8(text.utf8.count), 0, 0, 0] + Array(voice.utf8) + Array(text.utf8)
    }

    @Test func theEndOfItsInputEndsIt() throws {
        let (code, output) = try run(input: [])
        #expect(code == 0)
        #expect(output.first == 0, "it was ready")
    }

    @Test func requestsAreAnsweredInOrder() throws {
        let (code, output) = try run(input: request("Yes.", voice: "en-us") + request("Yes.", voice: "nonsense"))
        #expect(code == 0)
        let start = 5 + Int(output[1])
        let phonemes = Array("jˈɛs".utf8)
        #expect(
            output[start...].starts(with: [0, UInt8(8 + phonemes.count), 0, 0, 0, 4, 0, 0, 0, UInt8(phonemes.count)])
        )
        #expect(output[(start + 13)...].starts(with: phonemes + [1]), "then an error: there is no such voice")
    }

    @Test(
        arguments: [
            [1], [5, 0, 0, 0, 2, 0, 0, 0, 0x65], [0, 0, 0, 0, 1, 0, 0, 0, 0x61], [65, 0, 0, 0, 0, 0, 0, 0],
            [2, 0, 0, 0, 1, 0, 1, 0], [255, 255, 255, 255, 255, 255, 255, 255],
        ] as [[UInt8]]
    )
    func aMalformedRequestEndsItWithItsCode(input: [UInt8]) throws {
        #expect(try run(input: input).code == 2)
    }

    @Test(arguments: [["--help"], ["--data"], ["a", "b", "c"]])
    func unknownArgumentsEndItWithItsCode(arguments: [String]) throws {
        #expect(try run(arguments, input: []).code == 2)
    }
}
