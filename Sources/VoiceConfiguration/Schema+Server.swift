extension Schema {
    static let server = [
        Setting("server.host", \.server.host, .text, "Address to listen on: a name or a number.").flagged("--host"),
        Setting("server.port", \.server.port, .integer(0...65535), "TCP port; 0 takes a free one.").flagged("--port"),
        Setting(
            "server.insecure",
            \.server.insecure,
            .flag,
            "Serves an address beyond this machine without asking for an API key."
        ).flagged("--insecure").reloadable,
        Setting(
            "server.tls_certificate",
            \.server.certificatePath,
            .path,
            "PEM file with the certificate chain; TLS is on when this and tls_key are set."
        ).flagged("--tls-cert"),
        Setting("server.tls_key", \.server.keyPath, .path, "PEM file with the private key.").flagged("--tls-key"),
        Setting(
            "server.api_keys",
            \.server.apiKeys,
            .apiKeys,
            "Keys that clients may present; none means that no key is asked for."
        ).alias("OVS_API_KEYS").flagged("--api-key").secret.reloadable,
        Setting("server.api_keys_file", \.server.apiKeysPath, .path, "File with more API keys, one a line.")
            .flagged("--api-key-file").reloadable,
        Setting(
            "server.cors_origins",
            \.server.corsOrigins,
            .list,
            "Origins that browsers may call from; none means CORS is off, * means any."
        ).reloadable,
        Setting(
            "server.allowed_hosts",
            \.server.allowedHosts,
            .list,
            "Names in the Host header that are served beside loopback's and the address."
        ).reloadable,
        Setting(
            "server.shutdown_seconds",
            \.server.shutdownSeconds,
            .duration(.seconds, 0...3600),
            "Time that running work may take to finish after SIGTERM."
        ),
        Setting(
            "server.log_level",
            \.server.logLevel,
            .oneOf(["trace", "debug", "info", "notice", "warning", "error", "critical"]),
            "Least level that is logged."
        ).flagged("--log-level").reloadable,
    ]

    static let limits = requestLimits + connectionLimits

    private static let requestLimits = [
        Setting(
            "limits.streams",
            \.limits.streams,
            .integer(1...100_000),
            "Recognition streams at a time, busy or idle."
        ).alias("OVS_MAX_CONCURRENT_SESSIONS").reloadable,
        Setting(
            "limits.concurrent_requests",
            \.limits.concurrentRequests,
            .integer(1...1024),
            "Requests that compute at a time."
        ).reloadable,
        Setting(
            "limits.queue_length",
            \.limits.queueLength,
            .integer(0...100_000),
            "Requests that may wait for their turn."
        ).reloadable,
        Setting(
            "limits.queue_seconds",
            \.limits.queueSeconds,
            .duration(.seconds, 0...3600),
            "Time a request may wait for its turn."
        ).reloadable,
        Setting("limits.body_bytes", \.limits.bodyBytes, .size(1 << 10...1 << 30), "Size of a request body.")
            .alias("OVS_API_MAX_AUDIO_BYTES").reloadable,
        Setting(
            "limits.audio_seconds",
            \.limits.audioSeconds,
            .duration(.seconds, 1...86400),
            "Length of sound decoded from an upload."
        ).reloadable,
        Setting(
            "limits.text_characters",
            \.limits.textCharacters,
            .integer(1...10_000_000),
            "Characters of a text to speak."
        ).reloadable,
        Setting(
            "limits.requests_per_minute",
            \.limits.requestsPerMinute,
            .integer(0...1_000_000),
            "Requests a minute for each API key, or each address where no key is asked for; 0 means no limit."
        ).reloadable,
    ]

    private static let connectionLimits = [
        Setting(
            "limits.connections",
            \.limits.connections,
            .integer(1...100_000),
            "Connections at a time, of any kind."
        ),
        Setting("limits.message_bytes", \.limits.messageBytes, .size(1 << 10...1 << 28), "Size of a WebSocket message.")
            .reloadable,
        Setting(
            "limits.message_fragments",
            \.limits.messageFragments,
            .integer(1...65536),
            "Fragments of a WebSocket message."
        ).reloadable,
        Setting(
            "limits.frames_per_second",
            \.limits.framesPerSecond,
            .integer(1...1_000_000),
            "WebSocket frames a second, averaged over ten seconds."
        ).reloadable,
        Setting("limits.header_fields", \.limits.headerFields, .integer(1...10_000), "Fields of a request head.")
            .reloadable,
        Setting("limits.header_bytes", \.limits.headerBytes, .size(1 << 10...1 << 20), "Size of a request head.")
            .reloadable,
        Setting(
            "limits.head_seconds",
            \.limits.headSeconds,
            .duration(.seconds, 0.1...600),
            "Time in which a request head has to arrive."
        ).reloadable,
        Setting(
            "limits.body_idle_seconds",
            \.limits.bodyIdleSeconds,
            .duration(.seconds, 0.1...3600),
            "Time without a byte after which a connection in the middle of a request is closed."
        ).reloadable,
        Setting(
            "limits.idle_seconds",
            \.limits.idleSeconds,
            .duration(.seconds, 0.1...86400),
            "Time an idle connection stays open."
        ).reloadable,
        Setting(
            "limits.stream_idle_seconds",
            \.limits.streamIdleSeconds,
            .duration(.seconds, 1...86400),
            "Time without any frame but pongs after which a WebSocket is closed."
        ).reloadable,
        Setting(
            "limits.ping_seconds",
            \.limits.pingSeconds,
            .duration(.seconds, 0.1...3600),
            "Time between WebSocket pings; a peer that answers none of two is gone."
        ).reloadable,
        Setting(
            "limits.slow_reader_seconds",
            \.limits.slowReaderSeconds,
            .duration(.seconds, 0.1...3600),
            "Time that a client may read nothing while there is something for it."
        ).reloadable,
    ]
}
