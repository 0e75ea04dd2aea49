import Foundation
import Runtimes
import SpeechText
import Testing

/// The program is built beside the test runner; espeak-ng's data comes with Debian's espeak-ng-data.
private let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appendingPathComponent("rkvoice-espeak").path
private let isBuilt = FileManager.default.isExecutableFile(atPath: executable)

// One after the other: a script that is just being written cannot run while another test starts a program ("text file
// busy", since the new program briefly inherits the open file).
@Suite(
    .serialized,
    .enabled(if: isBuilt, "rkvoice-espeak is not built: run swift build -c release --product rkvoice-espeak")
)
struct EspeakPhonemizerTests {
    let phonemizer = EspeakPhonemizer(executable: executable)

    @Test func clausesCarryTheirMarks() async throws {
        let clauses = try await phonemizer.clauses(of: "Hello there, world. Is it 3.5?", voice: "en-us")
        #expect(clauses.map(\.terminator) == [",", ".", "?"])
        #expect(clauses.map(\.endsSentence) == [false, true, true])
        #expect(clauses[0].phonemes == "həlˈoʊ ðˈɛɹ")
        #expect(clauses[2].phonemes == "ɪz ɪt θɹˈiː pɔɪnt fˈaɪv")
    }

    @Test func oneProcessServesManyTasksWithoutMixingTheirAnswers() async throws {
        let words = ["red", "green", "blue", "white", "black"]
        let alone = try await answers(to: words)
        try await withThrowingTaskGroup(of: (Int, [PhonemeClause]).self) { group in
            for index in 0..<200 {
                group.addTask { (index % 5, try await phonemizer.clauses(of: words[index % 5], voice: "en-us")) }
            }
            for try await (index, clauses) in group { #expect(clauses == alone[index]) }
        }
    }

    @Test func aKilledProcessCostsNothingButARetry() async throws {
        let before = try await phonemizer.clauses(of: "One two three.", voice: "en-us")
        for _ in 0..<5 {
            let process = try #require(await phonemizer.processIdentifier)
            kill(process, SIGKILL)
            #expect(try await phonemizer.clauses(of: "One two three.", voice: "en-us") == before)
            let successor = try #require(await phonemizer.processIdentifier)
            #expect(successor != process)
            #expect(kill(process, 0) == -1, "the dead process was collected")
        }
    }

    @Test func aProcessKilledInTheMiddleOfATextIsRetried() async throws {
        let text = String(repeating: "Peter Piper picked a peck of pickled peppers. ", count: 1400)
        let whole = try await phonemizer.clauses(of: text, voice: "en-us")
        let process = try #require(await phonemizer.processIdentifier)
        kill(process, SIGSTOP)
        async let answer = phonemizer.clauses(of: text, voice: "en-us")
        kill(process, SIGKILL)
        #expect(try await answer == whole)
    }

    @Test func aHangingProcessIsAnErrorAfterTheTimeLimit() async throws {
        let hanging = EspeakPhonemizer(executable: try script("exec sleep 60"), timeout: .milliseconds(100))
        await #expect(throws: PhonemeError.self) { try await hanging.clauses(of: "Hello", voice: "en-us") }
        let mute = EspeakPhonemizer(
            executable: try script(#"printf '\0\0\0\0\0'; exec sleep 60"#),
            timeout: .milliseconds(100)
        )
        await #expect { try await mute.clauses(of: "Hello", voice: "en-us") } throws: { error in
            (error as? PhonemeError)?.code == .phonemizerFailed
        }
    }

    @Test func aProcessThatDiesOnEveryRequestIsAnErrorAfterTwo() async throws {
        let log = temporaryFile()
        let dying = EspeakPhonemizer(
            executable: try script("echo x >> \(log); printf '\\0\\0\\0\\0\\0'; head -c 9 > /dev/null; exit 3")
        )
        await #expect { try await dying.clauses(of: "Hello", voice: "en-us") } throws: { error in
            (error as? PhonemeError)?.code == .phonemizerFailed
        }
        #expect(try String(contentsOfFile: log, encoding: .utf8) == "x\nx\n")
    }

    @Test func aCancelledTaskDoesNotWaitForAHangingProcess() async throws {
        let hanging = EspeakPhonemizer(executable: try script(#"printf '\0\0\0\0\0'; exec sleep 60"#))
        let task = Task { try await hanging.clauses(of: "Hello", voice: "en-us") }
        task.cancel()
        let clock = ContinuousClock()
        let waited = await clock.measure {
            await #expect { try await task.value } throws: { ($0 as? PhonemeError)?.code == .cancelled }
        }
        #expect(waited < .seconds(5))
    }

    @Test func whatIsMissingIsNamed() async throws {
        let absent = EspeakPhonemizer(executable: "/nowhere/rkvoice-espeak")
        await #expect { try await absent.clauses(of: "Hello", voice: "en-us") } throws: { error in
            let error = error as? PhonemeError
            return error?.code == .notInstalled && error?.message.contains("/nowhere/rkvoice-espeak") == true
        }
        let noData = EspeakPhonemizer(executable: try script("exit 1"))
        await #expect { try await noData.clauses(of: "Hello", voice: "en-us") } throws: { error in
            (error as? PhonemeError)?.message.contains("apt-get install espeak-ng-data") == true
        }
        let noLibrary = EspeakPhonemizer(executable: try script("exit 127"))
        await #expect { try await noLibrary.start() } throws: { error in
            (error as? PhonemeError)?.message.contains("libespeak-ng1") == true
        }
    }

    @Test(arguments: ["nonsense", "", "../../etc/passwd", String(repeating: "x", count: 65), "en us"])
    func anUnknownVoiceIsAnErrorAndTheNextRequestStillWorks(voice: String) async throws {
        await #expect { try await phonemizer.clauses(of: "Hello", voice: voice) } throws: { error in
            (error as? PhonemeError)?.code == .unknownVoice
        }
        #expect(try await phonemizer.clauses(of: "Hello", voice: "en-us").map(\.phonemes) == ["həlˈoʊ"])
    }

    @Test(arguments: ["", " \n ", "...", "␀\u{1}\u{2}", "\u{558}", "🙂", "a␀b"])
    func textWithoutWordsOrWithControlCharactersIsNoError(text: String) async throws {
        // NUL in the name of a test case would cut off what is printed with it.
        _ = try await phonemizer.clauses(of: text.replacing("␀", with: "\u{0}"), voice: "en-us")
        #expect(try await phonemizer.clauses(of: "Hello", voice: "en-us").map(\.phonemes) == ["həlˈoʊ"])
    }

    @Test func theLargestRequestWorksAndALargerOneIsRefused() async throws {
        let word = "peppers "
        let count = EspeakPhonemizer.textLimit / word.utf8.count
        let clauses = try await phonemizer.clauses(of: String(repeating: word, count: count), voice: "en-us")
        #expect(clauses.flatMap { $0.phonemes.split(separator: " ") }.count == count, "nothing was cut")
        await #expect {
            try await phonemizer.clauses(of: String(repeating: word, count: count + 1), voice: "en-us")
        } throws: { ($0 as? PhonemeError)?.code == .textTooLong }
    }

    @Test func manyChangesOfTheVoiceDoNotGrowTheProcessForever() async throws {
        let phonemizer = EspeakPhonemizer(executable: executable, voiceChangeLimit: 4)
        var processes: Set<Int32> = []
        for index in 0..<12 {
            let clauses = try await phonemizer.clauses(of: "Wand", voice: index % 2 == 0 ? "en-us" : "de")
            #expect(clauses.map(\.phonemes) == [index % 2 == 0 ? "wˈɔnd" : "vˈant"])
            processes.insert(try #require(await phonemizer.processIdentifier))
        }
        #expect(processes.count == 3)
    }

    @Test func theProcessHoldsNoDescriptorOfItsHost() async throws {
        let pipe = Pipe()
        try await phonemizer.start()
        try pipe.fileHandleForWriting.close()
        #expect(try pipe.fileHandleForReading.readToEnd() ?? Data() == Data(), "the process keeps the pipe open")
        let process = try #require(await phonemizer.processIdentifier)
        let held = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd")
        #expect(held.sorted() == ["0", "1", "2"])
    }

    @Test func theProcessEndsWithItsOwner() async throws {
        var owner: EspeakPhonemizer? = EspeakPhonemizer(executable: executable)
        try await owner?.start()
        let process = try #require(await owner?.processIdentifier)
        #expect(kill(process, 0) == 0)
        owner = nil
        #expect(kill(process, 0) == -1)
    }

    private func answers(to texts: [String]) async throws -> [[PhonemeClause]] {
        var answers: [[PhonemeClause]] = []
        for text in texts { answers.append(try await phonemizer.clauses(of: text, voice: "en-us")) }
        return answers
    }

    private func temporaryFile() -> String {
        FileManager.default.temporaryDirectory.appendingPathComponent("rkvoice-\(UUID().uuidString)").path
    }

    /// A stand-in for the program.
    private func script(_ body: String) throws -> String {
        let path = temporaryFile()
        try "#!/bin/sh\n\(body)\n".write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        return path
    }
}
