package import Speech

/// Speech or text in, spoken answers out: a recognizer, a language model and a voice behind a ``TurnMachine``.
///
/// Everything is pulled. The next event is worked for when it is asked for, recognizer, language model and voice run at
/// most one step ahead, and what the client says comes before what was made for it: nothing of a cancelled turn follows.
package struct Dialogue: Sendable {
    /// Hears; nil where nobody speaks.
    let recognizer: (any SpeechRecognizer)?
    let chat: any ChatModel
    let synthesizer: any SpeechSynthesizer
    let options: DialogueOptions

    /// - Parameters:
    ///   - recognizer: hears; nil where questions are only typed.
    ///   - chat: answers.
    ///   - synthesizer: speaks.
    ///   - options: how.
    package init(
        recognizer: (any SpeechRecognizer)?,
        chat: any ChatModel,
        synthesizer: any SpeechSynthesizer,
        options: DialogueOptions = DialogueOptions()
    ) {
        self.recognizer = recognizer
        self.chat = chat
        self.synthesizer = synthesizer
        self.options = options
    }

    /// Holds the dialogue.
    ///
    /// - Parameter input: what comes from the client. At its end what is under way is finished, and the dialogue closes;
    ///   when it throws, the client is taken to be gone.
    /// - Returns: what happens, ``DialogueEvent/Content/closed(_:)`` last. Each iterator is a dialogue of its own.
    ///   Dropping the iterator, or cancelling the task that asks, cancels all that runs for it.
    package func events<Input: AsyncSequence<DialogueInput, SpeechError> & Sendable>(
        of input: Input
    ) -> DialogueEvents<Input> {
        DialogueEvents(dialogue: self, input: input)
    }
}

/// How a dialogue is held.
package struct DialogueOptions: Sendable {
    /// Turn taking, limits and time-outs.
    package var rules = TurnRules()
    /// How to listen.
    package var recognition = RecognitionOptions()
    /// How to speak; its own text is not used.
    package var manner = Utterance("", latency: .low)
    /// Longest stretch of sound handed out at once, in seconds: between two of them an interruption is noticed.
    package var frameSeconds = 0.1
    /// Sound kept for a recognizer that is busy, in seconds; then the client is held back.
    package var heldSeconds = 10.0

    package init() {}
}

/// What happens in a dialogue, worked for as it is read. See ``Dialogue/events(of:)``.
package struct DialogueEvents<Input: AsyncSequence<DialogueInput, SpeechError> & Sendable>: AsyncSequence, Sendable {
    package typealias Element = DialogueEvent
    package typealias Failure = Never

    let dialogue: Dialogue
    let input: Input

    package func makeAsyncIterator() -> Iterator { Iterator(dialogue: dialogue, input: input) }

    /// Owns the machine, and does what it wants done.
    package struct Iterator: AsyncIteratorProtocol {
        private let tasks: DialogueTasks
        private let input: Input
        private var machine: TurnMachine
        private var ready: [DialogueEvent] = []
        /// What the caller was given last, if it is sound: it has gone out when the caller comes back.
        private var handedOut: (turn: Int, frames: Int)?
        private var hasStarted = false

        init(dialogue: Dialogue, input: Input) {
            machine = TurnMachine(rules: dialogue.options.rules, sampleRate: dialogue.synthesizer.sampleRate)
            tasks = DialogueTasks(dialogue)
            self.input = input
        }

        package mutating func next() async -> DialogueEvent? { await next(isolation: #isolation) }

        package mutating func next(isolation actor: isolated (any Actor)?) async -> DialogueEvent? {
            if !hasStarted {
                hasStarted = true
                tasks.start(input)
            }
            if let (turn, frames) = handedOut.take() { handle(.sent(turn: turn, frames: frames)) }
            while ready.isEmpty {
                guard machine.state != .closed else { return nil }
                tasks.wake(at: machine.deadline)
                guard let arrival = await tasks.mailbox.next(lanes) else {
                    tasks.stop()
                    return nil
                }
                if arrival.event.isTick { tasks.hasWoken() }
                handle(arrival.event, arrival.sound)
            }
            let event = ready.removeFirst()
            if case .audio(let chunk) = event.content { handedOut = (event.turn, chunk.frames) }
            return event
        }

        /// What can be taken now, the most urgent first.
        private var lanes: [DialogueMailbox.Lane] {
            var lanes: [DialogueMailbox.Lane] = [.client, .hearing]
            // Sound first: a fast language model would keep the first sentence waiting.
            if machine.acceptsSound(at: tasks.clock.now) { lanes.append(.voice) }
            if machine.acceptsAnswer { lanes.append(.answer) }
            return lanes
        }

        private mutating func handle(_ event: TurnEvent, _ sound: AudioChunk? = nil) {
            for effect in machine.handle(event, at: tasks.clock.now) {
                switch effect {
                case .generate(let turn, let messages): tasks.generate(turn, messages)
                case .speak(let turn, let sentence): tasks.speak(turn, sentence)
                case .stopAnswer: tasks.stopAnswer()
                case .stopVoice: tasks.stopVoice()
                case .forward(let turn): forward(sound, of: turn)
                case .tell(let event): ready.append(event)
                case .close: tasks.stop()
                }
            }
        }

        private mutating func forward(_ sound: AudioChunk?, of turn: Int) {
            guard let sound else { return }
            ready.append(DialogueEvent(turn: turn, .audio(sound), latency: machine.currentLatency))
        }
    }
}

extension TurnEvent {
    var isTick: Bool { if case .tick = self { true } else { false } }
}
