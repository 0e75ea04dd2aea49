extension Configuration {
    /// The language model that answers in dialogues.
    package struct LLM: Sendable, Hashable {
        /// What answers; nil takes an endpoint where one is named, else an echo.
        package var backend: ChatChoice?
        /// Address of an OpenAI-compatible endpoint, up to `/v1`.
        package var baseURL: String?
        /// The model's name at the endpoint.
        package var model: String?
        /// Secret of the endpoint.
        package var apiKey: String?
        /// What the model is told before everything else.
        package var systemPrompt =
            "You are a voice assistant. Answer in a few short spoken sentences, without lists, markup or emoji."
        /// 0 takes the likeliest token always, … 2; nil leaves it to the endpoint.
        package var temperature: Double?
        /// Tokens of an answer at most.
        package var maximumTokens = 512
        /// Attempts at an answer, the first included, before its first word.
        package var attempts = 3
        /// Seconds for the connection.
        package var connectSeconds = 5.0
        /// Longest silence of the endpoint in seconds.
        package var readSeconds = 60.0

        package init() {}
    }

    /// How dialogues are held.
    package struct Dialogue: Sendable, Hashable {
        /// What of the user's ends a reply.
        package var bargeIn = BargeInChoice.speech
        /// Seconds that the sound of a reply may run ahead of the listener; 0 does not hold it back.
        package var leadSeconds = 10.0
        /// How much of anything there may be.
        package var limits = DialogueLimits()
        /// How long each stage may take before its turn fails.
        package var timeouts = DialogueTimeouts()

        package init() {}
    }

    /// How much of anything there may be in a dialogue.
    package struct DialogueLimits: Sendable, Hashable {
        /// Characters of a sentence; longer ones are cut at a clause or a space.
        package var sentenceCharacters = 120
        /// Characters of a question; longer ones are refused.
        package var questionCharacters = 10_000
        /// Characters of an answer; the rest is not generated.
        package var answerCharacters = 20_000
        /// Exchanges that the language model is told again.
        package var historyTurns = 16
        /// Characters that the language model is told again.
        package var historyCharacters = 8_000
        /// Turns that wait while another is answered; more are refused.
        package var waitingTurns = 8

        package init() {}
    }

    /// How many seconds each stage of a turn may take before the turn fails.
    package struct DialogueTimeouts: Sendable, Hashable {
        /// From the last sign of an utterance to the next one.
        package var hearing = 60.0
        /// From the end of an utterance to its text.
        package var recognition = 45.0
        /// From the question to the first word of the answer.
        package var firstToken = 30.0
        /// From one piece of the answer to the next.
        package var token = 15.0
        /// From a sentence to its first sound.
        package var firstSound = 15.0
        /// From one stretch of sound to the next.
        package var sound = 10.0
        /// For more words of a client that brings its own.
        package var clientText = 60.0
        /// Without any event between turns, after which the dialogue is closed; 0 waits for ever.
        package var idle = 0.0

        package init() {}
    }
}

extension Configuration.LLM {
    /// Whether an endpoint answers.
    package var asksEndpoint: Bool { backend.map { $0 == .openai } ?? (baseURL != nil) }

    /// Holds the settings against each other.
    ///
    /// - Returns: what people should know.
    /// - Throws: ``ConfigurationError`` where a setting is missing.
    package func check() throws(ConfigurationError) -> [String] {
        guard asksEndpoint else {
            return baseURL == nil ? [] : ["llm.base_url is not used: llm.backend is echo"]
        }
        guard baseURL != nil else {
            throw ConfigurationError(
                .invalid,
                at: "llm.backend",
                "openai needs llm.base_url, the address of the endpoint, such as http://127.0.0.1:8080/v1"
            )
        }
        guard model != nil else {
            throw ConfigurationError(
                .invalid,
                at: "llm.base_url",
                "the endpoint needs llm.model beside it: the name of a model that it offers (GET /v1/models lists them)"
            )
        }
        return []
    }
}
