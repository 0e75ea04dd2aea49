import Inference
package import SpeechText

/// Phonemes by espeak-ng, which runs in a process of its own (`rkvoice-espeak`): it is GPL-3, and it may crash.
///
/// The process starts with the first request and stays. If it dies or hangs, the request is tried once more on a new
/// one. Any number of tasks may ask at a time; they are served one after the other.
package actor EspeakPhonemizer: Phonemizer {
    /// The most a request may hold, in bytes of UTF-8 (`text_limit` in `Sources/EspeakProcess/main.c`).
    package static let textLimit = 65_536
    /// The longest name of a voice, in bytes (`voice_limit` in the same file).
    static let voiceLimit = 64

    private let thread = BlockingThread(label: "rkvoice.espeak")
    private let launch: EspeakLaunch
    private let timeout: Duration
    private let voiceChangeLimit: Int
    private var process: EspeakProcess?
    private var voice = ""
    private var voiceChanges = 0

    package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// Starts nothing yet.
    ///
    /// - Parameters:
    ///   - executable: The path of `rkvoice-espeak`.
    ///   - data: The folder that holds `espeak-ng-data`, if it is not where Debian puts it.
    ///   - timeout: How long one answer may take. A sentence takes less than a millisecond and the largest request less
    ///     than a tenth of a second on a PC: whoever needs ten seconds hangs.
    ///   - voiceChangeLimit: After how many changes of the voice a new process takes over: each change leaks 1.3 KB in
    ///     espeak-ng 1.51, so that the default bounds the loss to 13 MB.
    package init(
        executable: String,
        data: String? = nil,
        timeout: Duration = .seconds(10),
        voiceChangeLimit: Int = 10_000
    ) {
        launch = EspeakLaunch(executable: executable, data: data)
        self.timeout = timeout
        self.voiceChangeLimit = voiceChangeLimit
    }

    /// Starts the process ahead of the first request.
    ///
    /// - Returns: The version of espeak-ng.
    /// - Throws: `notInstalled` or `phonemizerFailed`.
    @discardableResult
    package func start() async throws(PhonemeError) -> String {
        try runningProcess().version
    }

    /// The number of the running process, if there is one.
    package var processIdentifier: Int32? { process?.identifier }

    package func clauses(of text: String, voice: String) async throws(PhonemeError) -> [PhonemeClause] {
        let text = EspeakWords.broken(text)
        let request = try EspeakRequest(text: text, voice: voice)
        countVoiceChange(to: voice)
        for _ in 0..<2 {
            if Task.isCancelled { throw Self.cancelled }
            let process = try runningProcess()
            do throws(ChildProcess.Failure) {
                let answer = try process.exchange(request, deadline: .now + timeout)
                if answer.status == .ok, let clauses = answer.clauses(of: text) { return clauses }
                if answer.status == .unknownVoice { break }
                self.process = nil
            } catch {
                self.process = nil
                if error == .cancelled { throw Self.cancelled }
            }
        }
        if process != nil {
            throw PhonemeError(
                .unknownVoice,
                "espeak-ng has no voice \(voice): `espeak-ng --voices` lists those it has."
            )
        }
        throw PhonemeError(
            .phonemizerFailed,
            "rkvoice-espeak failed twice on the same text (\(text.utf8.count) bytes, voice \(voice)): "
                + "espeak-ng cannot read it. Leave out unusual characters and try again."
        )
    }

    private func countVoiceChange(to voice: String) {
        if voice == self.voice { return }
        self.voice = voice
        voiceChanges += 1
        if voiceChanges > voiceChangeLimit {
            process = nil
            voiceChanges = 1
        }
    }

    private func runningProcess() throws(PhonemeError) -> EspeakProcess {
        if let process { return process }
        let started = try EspeakProcess(launch, deadline: .now + timeout)
        process = started
        return started
    }

    private static let cancelled = PhonemeError(.cancelled, "The request for phonemes was cancelled.")
}
