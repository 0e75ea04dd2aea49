package import Telemetry

/// The names of what the server measures; docs/metrics.md has the same list.
extension ServerMetrics {
    /// Everything that the server measures, without the process itself.
    package static let definitions: [MetricDefinition] =
        [
            requests, requestSeconds, errors,
            queueWait, queueRefusals, waiting, computing, activeStreams, streamCloses,
            firstAudio, synthesisFactor, soundMade, synthesisSeconds,
            firstPartial, finalize, recognitionFactor, soundHeard, recognitionSeconds,
            stageSeconds, cancellationSeconds,
        ] + dialogueDefinitions + acceleratorDefinitions

    static let requests = MetricDefinition(
        .counter,
        "rkvoice_requests_total",
        "HTTP requests answered; the route is the pattern, NotFound where none matches.",
        labels: ["method", "route", "status"]
    )
    static let requestSeconds = MetricDefinition(
        .histogram,
        "rkvoice_request_seconds",
        "Time from the head of a request to the end of its answer.",
        labels: ["method", "route"]
    )
    static let errors = MetricDefinition(
        .counter,
        "rkvoice_errors_total",
        "Refusals and failures by their code, as in the JSON of the answer.",
        labels: ["code"]
    )
    static let queueWait = MetricDefinition(
        .histogram,
        "rkvoice_queue_wait_seconds",
        "Time that a request waited for its turn to compute; 0 for one that did not have to.",
        labels: ["kind"]
    )
    static let queueRefusals = MetricDefinition(
        .counter,
        "rkvoice_queue_refusals_total",
        "Requests that got no turn, by the code they were refused with.",
        labels: ["code", "kind"]
    )
    static let waiting = MetricDefinition(.gauge, "rkvoice_waiting_requests", "Requests that wait for their turn.")
    static let computing = MetricDefinition(.gauge, "rkvoice_active_requests", "Requests that have their turn.")
    static let activeStreams = MetricDefinition(.gauge, "rkvoice_active_streams", "Recognition streams that are open.")
    static let streamCloses = MetricDefinition(
        .counter,
        "rkvoice_websocket_closes_total",
        "WebSockets closed, by close code (RFC 6455, 7.4); 1006 where the peer vanished.",
        labels: ["code"]
    )
    static let firstAudio = MetricDefinition(
        .histogram,
        "rkvoice_tts_first_audio_seconds",
        "Time to the first PCM sample of a reply (TTFA), from the request or else from the start of computing.",
        labels: ["model"]
    )
    static let synthesisFactor = MetricDefinition(
        .histogram,
        "rkvoice_tts_rtf",
        "Real-time factor of synthesis: computing time over sound made.",
        labels: ["model"]
    )
    static let soundMade = MetricDefinition(
        .counter,
        "rkvoice_tts_audio_seconds_total",
        "Sound made.",
        labels: ["model"]
    )
    static let synthesisSeconds = MetricDefinition(
        .counter,
        "rkvoice_tts_inference_seconds_total",
        "Time spent computing speech.",
        labels: ["model"]
    )
    static let firstPartial = MetricDefinition(
        .histogram,
        "rkvoice_asr_first_partial_seconds",
        "Time from the first sample of an utterance to its first partial."
    )
    static let finalize = MetricDefinition(
        .histogram,
        "rkvoice_asr_finalize_seconds",
        "Time from the last sample, or the endpoint, to the final text.",
        labels: ["model"]
    )
    static let recognitionFactor = MetricDefinition(
        .histogram,
        "rkvoice_asr_rtf",
        "Real-time factor of recognition: computing time over sound heard.",
        labels: ["model"]
    )
    static let soundHeard = MetricDefinition(
        .counter,
        "rkvoice_asr_audio_seconds_total",
        "Sound heard.",
        labels: ["model"]
    )
    static let recognitionSeconds = MetricDefinition(
        .counter,
        "rkvoice_asr_inference_seconds_total",
        "Time spent recognizing speech.",
        labels: ["model"]
    )
    static let stageSeconds = MetricDefinition(
        .histogram,
        "rkvoice_stage_seconds",
        "Time that one stage of a model took for one request.",
        labels: ["model", "stage"]
    )
    static let cancellationSeconds = MetricDefinition(
        .histogram,
        "rkvoice_cancellation_seconds",
        "Time from the cancellation of work to its stop; its count is the number of cancellations.",
        labels: ["kind"]
    )
}
