package import ModelStore
package import VoiceConfiguration

/// Where models live and how they run.
public struct Settings: Sendable {
    /// Absolute path of the home: `RKVOICE_HOME`, else `~/.local/share/rkvoice`.
    public var home: String
    /// `RKVOICE_ONNXRUNTIME`: path of an ONNX Runtime library to use before any other.
    public var onnxRuntimePath: String?
    /// `RKVOICE_ESPEAK`: path of the phoneme process; nil takes the one beside the executable.
    public var espeakPath: String?
    /// `RKVOICE_THREADS`: threads that work on one graph; by default every core up to four.
    public var threads: Int
    /// `RKVOICE_MIRROR`: `https://host[/prefix]` in place of the hosts of URL sources.
    public var mirror: String?
    /// `RKVOICE_OFFLINE=1`: nothing is downloaded.
    public var isOffline: Bool
    /// `RKVOICE_CATALOG`: a second catalog file.
    public var catalogPath: String?
    /// `RKVOICE_KEEP_DOWNLOADS=1`: verified downloads stay after an installation.
    public var keepDownloads: Bool
    /// `RKVOICE_LOCK_TIMEOUT`: seconds to wait for another process; nil for the store's default.
    public var lockTimeout: Double?
    /// `NO_COLOR` (no-color.org): set and not empty means no color.
    public var noColor: Bool
    /// The NPU, and which placements are wanted.
    package var accelerator: AcceleratorSettings
    /// What becomes of recognized texts.
    package var text: TextSettings
    /// The language model that answers in dialogues.
    package var llm: Configuration.LLM
    /// How dialogues are held.
    package var dialogue: Configuration.Dialogue
    /// The whole environment, for child processes.
    package var environment: [String: String]

    /// Reads the settings. Empty values count as unset, values that are none as well; switches are on with `1`, `true`,
    /// `yes` or `on`.
    public static func fromEnvironment() -> Settings { from(ProcessEnvironment.variables) }

    /// Reads the settings from given variables.
    package static func from(_ environment: [String: String]) -> Settings {
        Settings(Configuration.ofEnvironment(environment, keys: keys).configuration, environment: environment)
    }

    /// Reads the settings and takes no value that is none.
    ///
    /// - Parameters:
    ///   - environment: the variables.
    ///   - flags: what wins over them.
    /// - Returns: the settings.
    /// - Throws: ``ConfigurationError`` naming the variable or flag and what it takes.
    package static func checked(
        _ environment: [String: String] = ProcessEnvironment.variables,
        flags: [ConfigurationSources.Flag] = []
    ) throws(ConfigurationError) -> Settings {
        let (configuration, mistakes) = Configuration.ofEnvironment(environment, keys: keys, flags: flags)
        if let mistake = mistakes.first { throw mistake }
        return Settings(configuration, environment: environment)
    }

    /// The settings of a configuration.
    /// - Parameters:
    ///   - configuration: where they are.
    ///   - environment: the whole environment, for child processes.
    package init(_ configuration: Configuration, environment: [String: String] = ProcessEnvironment.variables) {
        home = configuration.store.home
        onnxRuntimePath = configuration.runtime.onnxRuntimePath
        espeakPath = configuration.runtime.espeakPath
        threads = configuration.runtime.threads
        mirror = configuration.store.mirror
        isOffline = configuration.store.isOffline
        catalogPath = configuration.store.catalogPath
        keepDownloads = configuration.store.keepDownloads
        lockTimeout = configuration.store.lockSeconds
        noColor = configuration.noColor
        accelerator = AcceleratorSettings(configuration)
        text = TextSettings(configuration)
        llm = configuration.llm
        dialogue = configuration.dialogue
        self.environment = environment
    }

    /// What a program without a server needs of the schema.
    private static let keys = [
        "store.", "runtime.", "npu.", "asr.placement", "asr.vad_placement", "asr.written_form", "asr.punctuation",
        "asr.hotwords", "tts.placement", "llm.", "dialogue.", "no_color",
    ]

    /// The model store of the home.
    ///
    /// - Throws: ``StoreError`` when the user's catalog cannot be read.
    package func modelStore() throws(StoreError) -> ModelStore {
        var options = StoreOptions(environment: environment)
        options.mirror = mirror
        options.offline = isOffline
        options.catalogPath = catalogPath
        options.keepDownloads = keepDownloads
        options.describe = PublishedLayout.describe
        if let lockTimeout { options.lockTimeout = lockTimeout }
        return try ModelStore(home: StoreHome(root: home), options: options)
    }
}
