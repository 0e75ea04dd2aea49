/// Every setting of the program in one typed value.
package struct Configuration: Sendable, Hashable {
    /// What the profile calls itself; for people.
    package var name: String?
    /// The board the profile is for.
    package var platform: Platform?
    /// Which halves are served, in the words of the seed; nil leaves that to `asr` and `tts`.
    package var mode: SpeechMode?
    /// Where and how the server listens.
    package var server = Server()
    /// What a client may ask of the server at most.
    package var limits = Limits()
    /// How speech becomes text.
    package var asr = ASR()
    /// How text becomes speech.
    package var tts = TTS()
    /// How sound is answered by a language model that hears.
    package var audioLLM = AudioLLM()
    /// The language model that answers in dialogues.
    package var llm = LLM()
    /// How dialogues are held.
    package var dialogue = Dialogue()
    /// Where models live and how they come there.
    package var store = Store()
    /// What runs the graphs.
    package var runtime = Runtime()
    /// Whether what people read is plain, without colors.
    package var noColor = false

    package init() {}
}

extension Configuration {
    /// Where and how the server listens.
    package struct Server: Sendable, Hashable {
        /// Address to bind: a name or a number.
        package var host = "127.0.0.1"
        /// TCP port; 0 takes a free one.
        package var port = 8621
        /// Whether an address beyond loopback may be served without an API key.
        package var insecure = false
        /// PEM file with the certificate chain; TLS is on when this and `keyPath` are set.
        package var certificatePath: String?
        /// PEM file with the private key.
        package var keyPath: String?
        /// Keys that clients may present; none means that no key is asked for.
        package var apiKeys: [String] = []
        /// File with more keys, one a line; they are in `apiKeys` once the configuration is loaded.
        package var apiKeysPath: String?
        /// Origins that browsers may call from; none means CORS is off, `*` means any.
        package var corsOrigins: [String] = []
        /// Names in `Host` that are served beside loopback's and the bind address.
        package var allowedHosts: [String] = []
        /// Seconds that running work may take to finish after SIGTERM.
        package var shutdownSeconds = 10.0
        /// Log level: trace, debug, info, notice, warning, error, critical.
        package var logLevel = "info"

        package init() {}
    }

    /// What a client may ask of the server at most.
    package struct Limits: Sendable, Hashable {
        /// Connections at a time, of any kind.
        package var connections = 1024
        /// Recognition streams at a time, busy or idle.
        package var streams = 256
        /// Requests that compute at a time.
        package var concurrentRequests = 2
        /// Requests that may wait for their turn.
        package var queueLength = 16
        /// Seconds a request may wait for its turn.
        package var queueSeconds = 30.0
        /// Bytes of a request body.
        package var bodyBytes = 32 << 20
        /// Seconds of sound decoded from an upload.
        package var audioSeconds = 3600.0
        /// Characters of a text to speak.
        package var textCharacters = 100_000
        /// Bytes of a WebSocket message.
        package var messageBytes = 1 << 20
        /// Fragments of a WebSocket message.
        package var messageFragments = 128
        /// WebSocket frames a second, averaged over ten seconds.
        package var framesPerSecond = 1000
        /// Fields of a request head.
        package var headerFields = 100
        /// Bytes of a request head.
        package var headerBytes = 16 << 10
        /// Seconds in which a request head has to arrive.
        package var headSeconds = 10.0
        /// Seconds without a byte after which a connection in the middle of a request is closed.
        package var bodyIdleSeconds = 30.0
        /// Seconds an idle keep-alive connection stays open.
        package var idleSeconds = 60.0
        /// Seconds without any frame but pongs after which a WebSocket is closed.
        package var streamIdleSeconds = 600.0
        /// Seconds between WebSocket pings; a peer that answers none of two is gone.
        package var pingSeconds = 20.0
        /// Seconds that a client may read nothing while there is something for it.
        package var slowReaderSeconds = 30.0
        /// Requests a minute for each API key, or each address where no key is asked for; 0 means no limit.
        package var requestsPerMinute = 1200

        package init() {}
    }

    /// How speech becomes text.
    package struct ASR: Sendable, Hashable {
        /// Id of the recognizer; nil takes the catalog's default.
        package var model: String?
        /// Whether speech is recognized at all.
        package var isEnabled = true
        /// Language assumed when a request names none; nil detects it.
        package var language: String?
        /// Probability from which a window counts as speech, (0, 1).
        package var vadThreshold = 0.5
        /// Seconds of silence that end an utterance.
        package var vadSilenceSeconds = 0.5
        /// Seconds below which sound is no speech.
        package var vadMinimumSpeechSeconds = 0.25
        /// Seconds of sound kept before speech.
        package var vadPreRollSeconds = 0.3
        /// Model family and placement, in the words of the seed; nil takes what `model` says.
        package var backend: RecognizerChoice?
        /// Whether the program ends when the recognizer cannot be loaded.
        package var isRequired = false
        /// Directory with the recognizer's files, for the families of the seed.
        package var modelDirectory: String?
        /// Placement of the recognizer's stages; nil takes the first that this machine can run.
        package var placement: String?
        /// Placement of the speech detector.
        package var vadPlacement: String?
        /// Whether numbers come as one writes them.
        package var writtenForm = WrittenFormChoice.auto
        /// Id of a model that puts marks into texts; nil: as the recognizer gives them.
        package var punctuationModel: String?
        /// Words to listen for; none where empty.
        package var hotwords: [String] = []
        /// Settings of the Qwen3 recognizer.
        package var qwen3 = Qwen3()
        /// Settings of the Paraformer recognizers.
        package var paraformer = Paraformer()

        package init() {}
    }

    /// How text becomes speech.
    package struct TTS: Sendable, Hashable {
        /// Id of the voice; nil takes the catalog's default.
        package var model: String?
        /// Whether text is spoken at all.
        package var isEnabled = true
        /// Pace, 0.25 … 4.
        package var speed = 1.0
        /// Makes the same text sound the same again; nil varies.
        package var seed: UInt64? = 42
        /// low, balanced or quality.
        package var latency = "balanced"
        /// Speaker within the voice; nil takes the voice's own default.
        package var speaker: String?
        /// Model family and placement, in the words of the seed; nil takes what `model` says.
        package var backend: SynthesizerChoice?
        /// Whether the program ends when the voice cannot be loaded.
        package var isRequired = false
        /// Directory with the voice's files, for the families of the seed.
        package var modelDirectory: String?
        /// Placement of the voice's stages; nil takes the first that this machine can run.
        package var placement: String?
        /// What makes the voice one's own.
        package var tailoring = Tailoring()
        /// Settings of voices that run on boards.
        package var board = BoardVoice()

        package init() {}
    }
    /// What makes a voice one's own.
    package struct Tailoring: Sendable, Hashable {
        /// File of words and how they are said; nil for none.
        package var lexiconPath: String?
        /// Factor on every sample, 0 … 4.
        package var volume = 1.0
        /// Seconds of silence behind each sentence, 0 … 10; nil leaves the voice's own.
        package var sentenceSilence: Double?

        package init() {}
    }
}
