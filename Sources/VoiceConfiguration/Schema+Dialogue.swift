extension Schema {
    /// The language model that answers in dialogues.
    static let llm = [
        Setting(
            "llm.backend",
            \.llm.backend,
            .choice,
            "What answers in dialogues; by default openai where llm.base_url is set, else echo."
        ),
        Setting(
            "llm.base_url",
            \.llm.baseURL,
            .text,
            "Address of an OpenAI-compatible endpoint, up to /v1, such as http://127.0.0.1:8080/v1."
        ).alias("EDGE_LLM_BASE_URL").flagged("--llm-url"),
        Setting("llm.model", \.llm.model, .text, "Name of the model at the endpoint.")
            .alias("EDGE_LLM_MODEL").flagged("--llm-model"),
        Setting("llm.api_key", \.llm.apiKey, .text, "Key of the endpoint; best given in the environment.").secret,
        Setting(
            "llm.system_prompt",
            \.llm.systemPrompt,
            .paragraphs,
            "What the model is told before everything else."
        ).alias("OVS_V2V_SYSTEM_PROMPT").reloadable,
        Setting(
            "llm.temperature",
            \.llm.temperature,
            .number(0...2),
            "0 takes the likeliest word always; by default what the endpoint takes."
        ).alias("OVS_V2V_LLM_TEMPERATURE"),
        Setting("llm.max_tokens", \.llm.maximumTokens, .integer(1...65536), "Tokens of an answer at most.")
            .alias("OVS_V2V_LLM_MAX_TOKENS"),
        Setting(
            "llm.attempts",
            \.llm.attempts,
            .integer(1...10),
            "Attempts at an answer; none is repeated after its first word."
        ),
        Setting("llm.connect_seconds", \.llm.connectSeconds, .duration(.seconds, 0.1...60), "Time for the connection."),
        Setting(
            "llm.read_seconds",
            \.llm.readSeconds,
            .duration(.seconds, 1...600),
            "Silence of the endpoint after which an attempt is given up."
        ),
    ]

    /// How dialogues are held.
    static let dialogue = dialogueLimits + dialogueTimeouts

    private static let dialogueLimits = [
        Setting(
            "dialogue.barge_in",
            \.dialogue.bargeIn,
            .choice,
            "What of the user's ends a reply: speech at once, the first word that is understood, or nothing."
        ).reloadable,
        Setting(
            "dialogue.lead_seconds",
            \.dialogue.leadSeconds,
            .duration(.seconds, 0...600),
            "How far the sound of a reply may run ahead of the listener; 0 does not hold it back."
        ).reloadable,
        Setting(
            "dialogue.sentence_characters",
            \.dialogue.limits.sentenceCharacters,
            .integer(20...400),
            "Characters of a sentence; longer ones are cut at a clause or a space."
        ).reloadable,
        Setting(
            "dialogue.question_characters",
            \.dialogue.limits.questionCharacters,
            .integer(1...100_000),
            "Characters of a question; longer ones are refused."
        ).reloadable,
        Setting(
            "dialogue.answer_characters",
            \.dialogue.limits.answerCharacters,
            .integer(1...1_000_000),
            "Characters of an answer; the rest is not generated."
        ).reloadable,
        Setting(
            "dialogue.history_turns",
            \.dialogue.limits.historyTurns,
            .integer(0...1000),
            "Exchanges that the language model is told again."
        ).reloadable,
        Setting(
            "dialogue.history_characters",
            \.dialogue.limits.historyCharacters,
            .integer(0...1_000_000),
            "Characters that the language model is told again."
        ).reloadable,
        Setting(
            "dialogue.waiting_turns",
            \.dialogue.limits.waitingTurns,
            .integer(1...100),
            "Turns that wait while another is answered; more are refused."
        ).reloadable,
    ]

    private static let dialogueTimeouts = [
        Setting(
            "dialogue.hearing_seconds",
            \.dialogue.timeouts.hearing,
            .duration(.seconds, 1...3600),
            "Time from the last sign of an utterance to the next one."
        ).reloadable,
        Setting(
            "dialogue.recognition_seconds",
            \.dialogue.timeouts.recognition,
            .duration(.seconds, 1...600),
            "Time from the end of an utterance to its text."
        ).alias("OVS_ASR_TURN_TIMEOUT_S").reloadable,
        Setting(
            "dialogue.first_token_seconds",
            \.dialogue.timeouts.firstToken,
            .duration(.seconds, 0.1...600),
            "Time from the question to the first word of the answer."
        ).reloadable,
        Setting(
            "dialogue.token_seconds",
            \.dialogue.timeouts.token,
            .duration(.seconds, 0.1...600),
            "Time from one piece of the answer to the next."
        ).reloadable,
        Setting(
            "dialogue.first_sound_seconds",
            \.dialogue.timeouts.firstSound,
            .duration(.seconds, 0.1...600),
            "Time from a sentence to its first sound."
        ).alias("OVS_TTS_SENTENCE_TIMEOUT_S").reloadable,
        Setting(
            "dialogue.sound_seconds",
            \.dialogue.timeouts.sound,
            .duration(.seconds, 0.1...600),
            "Time from one stretch of sound to the next."
        ).alias("OVS_TTS_CHUNK_TIMEOUT_S").reloadable,
        Setting(
            "dialogue.client_text_seconds",
            \.dialogue.timeouts.clientText,
            .duration(.seconds, 1...3600),
            "Time for more words of a client that brings its own."
        ).reloadable,
        Setting(
            "dialogue.idle_seconds",
            \.dialogue.timeouts.idle,
            .duration(.seconds, 0...86400),
            "Time without any event between turns after which a dialogue is closed; 0 waits for ever."
        ).alias("OVS_V2V_IDLE_TIMEOUT_S").reloadable,
    ]
}
