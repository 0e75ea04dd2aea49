import ArgumentParser
import RKVoice
import VoiceConfiguration

/// Flags of commands that take the whole configuration. Flags win over the environment, that over the profile.
struct ConfigurationOptions: ParsableArguments, Sendable {
    @Option(help: ArgumentHelp("Profile: a YAML file, or the name of one in profiles/.", valueName: "path|name"))
    var profile: String?

    @OptionGroup var address: AddressOptions

    @OptionGroup var models: ModelOptions

    @OptionGroup var npu: NPUOptions

    @Option(help: "Least level that is logged: trace, debug, info, notice, warning, error, critical.")
    var logLevel: String?

    @Option(help: "Threads that work on one graph (default: every core up to four).")
    var threads: String?

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp("Any other setting; `rkvoice config --all` lists them. Repeatable.", valueName: "key=value")
    )
    var set: [String] = []

    /// Reads the configuration.
    /// - Throws: ``ConfigurationError`` for the first thing that is wrong.
    func load() throws(ConfigurationError) -> LoadedConfiguration {
        try LoadedConfiguration(sources())
    }

    /// Everything the configuration is made of.
    /// - Throws: ``ConfigurationError`` when `--set` has no `=`.
    func sources() throws(ConfigurationError) -> ConfigurationSources {
        var flags = address.flags + models.flags + npu.flags
        if let logLevel { flags.append(.init("server.log_level", logLevel, name: "--log-level")) }
        if let threads { flags.append(.init("runtime.threads", threads, name: "--threads")) }
        for text in set { flags.append(try ConfigurationSources.Flag(setting: text)) }
        return ConfigurationSources(environment: ProcessEnvironment.variables, profile: profile, flags: flags)
    }
}

/// Flags for where the server listens, and to whom.
struct AddressOptions: ParsableArguments, Sendable {
    @Option(help: "Address to listen on (default: 127.0.0.1).")
    var host: String?

    @Option(help: "TCP port; 0 takes a free one (default: 8621).")
    var port: String?

    @Option(
        name: .customLong("api-key"),
        parsing: .singleValue,
        help: ArgumentHelp(
            "Key that clients may present. Repeatable. Every user of this machine sees flags in the list of processes: "
                + "better --api-key-file, or OVS_API_KEYS in the environment.",
            valueName: "key"
        )
    )
    var apiKeys: [String] = []

    @Option(help: ArgumentHelp("File with keys that clients may present, one a line.", valueName: "path"))
    var apiKeyFile: String?

    @Flag(help: "Serve an address beyond this machine without asking for an API key.")
    var insecure = false

    @Option(help: ArgumentHelp("PEM file with the certificate chain; needs --tls-key.", valueName: "path"))
    var tlsCert: String?

    @Option(help: ArgumentHelp("PEM file with the private key; needs --tls-cert.", valueName: "path"))
    var tlsKey: String?

    var flags: [ConfigurationSources.Flag] {
        var flags: [ConfigurationSources.Flag] = []
        if let host { flags.append(.init("server.host", host, name: "--host")) }
        if let port { flags.append(.init("server.port", port, name: "--port")) }
        if !apiKeys.isEmpty { flags.append(.init("server.api_keys", .list(apiKeys), name: "--api-key")) }
        if let apiKeyFile { flags.append(.init("server.api_keys_file", apiKeyFile, name: "--api-key-file")) }
        if insecure { flags.append(.init("server.insecure", "true", name: "--insecure")) }
        if let tlsCert { flags.append(.init("server.tls_certificate", tlsCert, name: "--tls-cert")) }
        if let tlsKey { flags.append(.init("server.tls_key", tlsKey, name: "--tls-key")) }
        return flags
    }
}

/// Flags for what is served.
struct ModelOptions: ParsableArguments, Sendable {
    @Option(help: ArgumentHelp("Recognizer: an id of `rkvoice models list`.", valueName: "id"))
    var asrModel: String?

    @Option(help: ArgumentHelp("Voice: an id of `rkvoice models list`.", valueName: "id"))
    var ttsModel: String?

    @Flag(name: .customLong("no-asr"), help: "Recognize no speech.")
    var noASR = false

    @Flag(name: .customLong("no-tts"), help: "Speak no text.")
    var noTTS = false

    var flags: [ConfigurationSources.Flag] {
        var flags: [ConfigurationSources.Flag] = []
        if let asrModel { flags.append(.init("asr.model", asrModel, name: "--asr-model")) }
        if let ttsModel { flags.append(.init("tts.model", ttsModel, name: "--tts-model")) }
        if noASR { flags.append(.init("asr.enabled", "false", name: "--no-asr")) }
        if noTTS { flags.append(.init("tts.enabled", "false", name: "--no-tts")) }
        return flags
    }
}
