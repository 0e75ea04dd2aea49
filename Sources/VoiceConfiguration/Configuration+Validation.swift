extension Configuration {
    /// Holds settings against each other.
    ///
    /// - Returns: what people should know.
    /// - Throws: ``ConfigurationError`` for settings that contradict each other.
    func validate() throws(ConfigurationError) -> [String] {
        if (server.certificatePath == nil) != (server.keyPath == nil) {
            let (given, missing) =
                server.keyPath == nil ? ("tls_certificate", "tls_key") : ("tls_key", "tls_certificate")
            throw ConfigurationError(
                .invalid,
                "server.\(given) needs server.\(missing) beside it: TLS takes both or none"
            )
        }
        try checkPlatform()
        let warnings = try llm.check()
        guard !server.isLoopback, server.apiKeys.isEmpty else { return warnings }
        guard server.insecure else {
            throw ConfigurationError(
                .invalid,
                "server.host \(server.host) can be reached from other machines and no API key is set: set server.api_keys "
                    + "(--api-key-file), listen on 127.0.0.1, or say --insecure to serve everybody"
            )
        }
        return warnings + [
            "INSECURE: everybody who reaches \(server.host) may use this server: no API key is asked for"
        ]
    }

    /// A profile for one chip says nothing for another: its files are compiled for it. A coprocessor sits in any host.
    private func checkPlatform() throws(ConfigurationError) {
        guard let platform, !platform.isCoprocessor else { return }
        let npu = runtime.npu
        for (key, word) in [("npu.simulate", npu.simulated?.rawValue), ("npu.board", npu.board?.rawValue)] {
            guard let word, word != "cpu", word != platform.chip else { continue }
            throw ConfigurationError(
                .invalid,
                "platform \(platform.rawValue) and \(key) \(word) contradict each other: graphs are compiled for one "
                    + "chip; take \(key) \(platform.chip), or a profile for \(word)"
            )
        }
    }
}

extension Platform {
    /// The chip without the letter of its package.
    package var chip: String { self == .rk3588s ? Platform.rk3588.rawValue : rawValue }

    /// Whether it sits in a host with another chip.
    package var isCoprocessor: Bool { self == .rk1820 || self == .rk1828 }
}

extension Configuration.Server {
    /// Whether only this machine can reach the server: 127.0.0.0/8 and ::1 (RFC 5735, RFC 4291), `localhost` (RFC 6761).
    package var isLoopback: Bool {
        let host = host.lowercased()
        if host == "localhost" || host == "::1" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}

extension Configuration.ASR {
    /// The id of the recognizer to load; nil for the catalog's default.
    ///
    /// - Throws: ``ConfigurationError`` when `backend` names one that is not in this version.
    package func modelToLoad() throws(ConfigurationError) -> String? {
        guard let backend, backend == .qwen3 else { return model }
        let available = RecognizerChoice.allCases.filter { ![.qwen3, .disabled].contains($0) }
        throw ConfigurationError(
            missing: backend.rawValue,
            of: backend.family,
            key: "asr.backend",
            available: available.map(\.rawValue).joined(separator: ", ")
        )
    }
}

extension Configuration.TTS {
    /// The id of the voice to load; nil for the catalog's default.
    ///
    /// - Throws: ``ConfigurationError`` when `backend` names one that is not in this version.
    package func modelToLoad() throws(ConfigurationError) -> String? {
        guard let backend, ![.piper, .piperRKNN, .disabled].contains(backend) else { return model }
        throw ConfigurationError(
            missing: backend.rawValue,
            of: backend.family,
            key: "tts.backend",
            available: [SynthesizerChoice.piper, .piperRKNN].map(\.rawValue).joined(separator: ", ")
        )
    }
}

extension Configuration.AudioLLM {
    /// - Throws: ``ConfigurationError`` when a language model that hears is chosen: there is none in this version.
    package func requireAvailable() throws(ConfigurationError) {
        guard let backend, backend != .disabled else { return }
        throw ConfigurationError(
            missing: backend.rawValue,
            of: "Gemma 4",
            key: "audio_llm.backend",
            available: "none"
        )
    }
}

extension ConfigurationError {
    fileprivate init(missing backend: String, of family: String, key: String, available: String) {
        self.init(
            .unavailable,
            at: key,
            "the family \(family) (\(backend)) is not in this version; available: \(available), disabled; "
                + "`rkvoice plan` shows what it will do"
        )
    }
}
