import ArgumentParser
import Conversation
import Foundation
import RKVoice
import Speech
import VoiceConfiguration
import VoiceServer

struct Talk: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Have a conversation: by microphone and loudspeaker, with files, or typed.",
        discussion: """
            Speak; a pause ends what you say, and the answer is spoken. What was understood and the answer are printed,
            and how long each turn took from the end of your speech to the first sound. Ctrl-C ends it.

            The microphone is read by pw-record, parec or arecord, the answer played by the player that `rkvoice say`
            uses. A microphone near a loudspeaker hears the answer, too: it is ignored while one is played. With
            headphones, --barge-in speech lets you break in.

            Without a language model the answer is an echo. RKVOICE_LLM_API_KEY holds the key of one that wants a key.

            Examples:
              rkvoice talk
              rkvoice talk --barge-in speech
              rkvoice talk --input question.wav --output answer.wav
              rkvoice talk --text
              rkvoice talk --llm-url http://127.0.0.1:8080/v1 --llm-model qwen3
            """
    )

    @Option(name: .long, parsing: .upToNextOption, help: "Recordings, each a turn, in place of the microphone.")
    var input: [String] = []

    @Option(name: [.short, .long], help: "WAV file for the answers, in place of the loudspeaker.")
    var output: String?

    @Flag(help: "Questions are lines of standard input.")
    var text = false

    @Option(help: "Language spoken (name, ISO code or locale), or auto to detect it.")
    var language = "auto"

    @Option(help: "What of yours ends an answer: speech, words, or never.")
    var bargeIn: TurnRules.BargeIn?

    @Option(name: .customLong("llm-url"), help: "OpenAI-compatible endpoint that answers, up to /v1.")
    var llmURL: String?

    @Option(name: .customLong("llm-model"), help: "The model's name at the endpoint.")
    var llmModel: String?

    @Option(help: "Recognizer: an id of `rkvoice models list`.")
    var model: String?

    @Option(help: "Voice model: an id of `rkvoice models list`.")
    var voice: String?

    @Option(help: "Speaker of a model that has several.")
    var speaker: String?

    @Option(help: "Pace from 0.25 to 4; 1 is the voice's own.")
    var speed: Float = 1

    @OptionGroup var tailoring: TailoringOptions

    @Flag(help: "Print each turn as a line of JSON.")
    var json = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard input.isEmpty || !text else { throw ValidationError("--input and --text exclude each other") }
        guard (0.25...4).contains(speed) else { throw ValidationError("--speed is a number from 0.25 to 4") }
        guard language.lowercased() == "auto" || Language(language) != nil else {
            throw ValidationError("\"\(language)\" is no language that is known here; try a name like German, or auto")
        }
    }

    func run() async throws {
        try await common.run { console in
            // What is missing is told before any work.
            let source = try TalkSource(files: input, isTyped: text)
            let sink = try TalkSink.Destination(output: output)
            let tailoring = try tailoring.tailoring()
            let settings = try common.settings(flags)
            let chat = try ConfiguredChat(settings.llm)
            let loader = console.loader(settings)
            try await chat.closing {
                try await loader.traced {
                    let voice = tailoring.applied(to: try await loader.synthesizer(voice))
                    try await talk(source, sink, chat.model, voice, loader, settings, console)
                }
            }
        }
    }

    private func talk(
        _ source: TalkSource,
        _ sink: TalkSink.Destination,
        _ chat: any ChatModel,
        _ synthesizer: any SpeechSynthesizer,
        _ loader: ModelLoader,
        _ settings: Settings,
        _ console: Console
    ) async throws {
        let recognizer = text ? nil : try await loader.recognition(model).streaming
        console.placements(of: loader.accelerator)
        if let notice = chat.notice { console.note("rkvoice: " + notice) }
        var rules = TurnRules(settings.dialogue, settings.llm)
        // What waits in the pipe of a player cannot be taken back.
        rules.limits.lead = TalkSource.lead
        let hearsItself = source == .microphone && sink.isLoud
        rules.bargeIn = bargeIn ?? (hearsItself ? .never : rules.bargeIn)
        let talk = Conversing(
            dialogue: Dialogue(
                recognizer: recognizer,
                chat: chat,
                synthesizer: synthesizer,
                options: options(rules, detectsEndpoints: source == .microphone)
            ),
            source: source,
            sink: try TalkSink(sink, synthesizer.sampleRate),
            sampleRate: recognizer?.sampleRate ?? 16_000
        )
        _ = try await talk.run(TalkScreen(console: console, isJSON: json, simulated: loader.simulatedBoard))
    }

    /// The endpoint's key comes by the environment: arguments are seen by everybody on the machine.
    private var flags: [ConfigurationSources.Flag] {
        [("llm.base_url", llmURL, "--llm-url"), ("llm.model", llmModel, "--llm-model")].compactMap { key, value, name in
            value.map { .init(key, $0, name: name) }
        }
    }

    /// The end of a recording is its end; a pause within it is none.
    private func options(_ rules: TurnRules, detectsEndpoints: Bool) -> DialogueOptions {
        var options = DialogueOptions()
        options.rules = rules
        options.recognition.language = Language(language)
        options.recognition.detectsEndpoints = detectsEndpoints
        options.manner = Utterance("", voice: speaker, speed: speed, seed: 42, latency: .low)
        return options
    }
}

/// A conversation with what it comes from and goes to.
private struct Conversing {
    let dialogue: Dialogue
    let source: TalkSource
    let sink: TalkSink
    /// Hz that the dialogue hears.
    let sampleRate: Int

    /// - Returns: the screen, with what it was told.
    func run(_ start: TalkScreen) async throws -> TalkScreen {
        let inputs = Letterbox<DialogueInput>(capacity: 8)
        let turns = Letterbox<Int>(capacity: 64)
        async let speaking: Void = speak(to: inputs, answered: turns)
        let screen = try await show(inputs, turns, start)
        try await sink.finish()
        try Task.checkCancellation()
        try await speaking
        return screen
    }

    private func show(
        _ inputs: Letterbox<DialogueInput>,
        _ turns: Letterbox<Int>,
        _ start: TalkScreen
    ) async throws -> TalkScreen {
        var screen = start
        for await event in dialogue.events(of: inputs) {
            try await sink.take(event)
            try screen.take(event)
            // Only recordings wait for it.
            if case .ended = event.content, source.isRecorded { await turns.send(event.turn) }
            try Self.check(event)
        }
        return screen
    }

    /// - Throws: why the dialogue closed, if it did so by itself.
    private static func check(_ event: DialogueEvent) throws {
        if case .closed(let failure?) = event.content { throw CommandError(.software, failure.message) }
    }

    private func speak(to inputs: Letterbox<DialogueInput>, answered turns: Letterbox<Int>) async throws {
        defer { inputs.finish() }
        try await source.speak(to: inputs, sampleRate: sampleRate, answered: turns)
    }
}

extension TurnRules.BargeIn: ExpressibleByArgument {}
