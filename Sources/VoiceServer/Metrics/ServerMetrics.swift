package import Metrics
package import Speech
package import Telemetry

/// Everything the server measures, so that routes call methods and never spell the name of a metric.
package struct ServerMetrics: Sendable {
    /// Recognition streams that are open: `increment()`, `decrement()`.
    package let streams: Meter
    /// Requests that wait for their turn.
    let waiting: Meter
    /// Requests that have their turn.
    let computing: Meter
    private let factory: any MetricsFactory

    /// - Parameter registry: where it is all shown.
    package init(registry: PrometheusRegistry) {
        registry.declare(Self.definitions)
        self.init(factory: registry)
    }

    /// - Parameter factory: another factory of swift-metrics.
    package init(factory: any MetricsFactory) {
        self.factory = factory
        streams = Meter(label: Self.activeStreams.name, factory: factory)
        waiting = Meter(label: Self.waiting.name, factory: factory)
        computing = Meter(label: Self.computing.name, factory: factory)
    }

    /// A request was answered, to the end or as far as the client stayed.
    ///
    /// - Parameters:
    ///   - route: pattern of the path, such as `/tts/stream`.
    ///   - method: method of HTTP.
    ///   - status: status of HTTP.
    ///   - seconds: from the head of the request to the end of the answer.
    package func requestFinished(route: String, method: String, status: Int, seconds: Double) {
        count(Self.requests, [method, route, String(status)])
        record(seconds, Self.requestSeconds, [method, route])
    }

    /// A request or stream was refused or failed.
    ///
    /// - Parameter code: the code in its answer, such as `invalid_parameter`.
    package func failed(code: String) { count(Self.errors, [code]) }

    /// Text became speech.
    ///
    /// - Parameters:
    ///   - cost: what the reply cost.
    ///   - model: id of the voice.
    ///   - firstAudioSeconds: from the request to its first PCM sample; nil takes the time of computing alone.
    package func synthesized(_ cost: SynthesisMetrics, model: String, firstAudioSeconds: Double?) {
        guard cost.duration > 0 else { return }
        record(firstAudioSeconds ?? cost.timeToFirstAudio, Self.firstAudio, [model])
        record(cost.rtf, Self.synthesisFactor, [model])
        count(Self.soundMade, [model], by: cost.duration)
        count(Self.synthesisSeconds, [model], by: cost.inferenceTime)
        stages(cost.stageMilliseconds, model: model)
    }

    /// Speech became text.
    ///
    /// - Parameters:
    ///   - audioSeconds: seconds of sound heard.
    ///   - inferenceSeconds: seconds spent computing.
    ///   - finalizeSeconds: from the last sample or the endpoint to the final text; nil where there is no such moment.
    ///   - stageMilliseconds: milliseconds by stage.
    ///   - model: id of the recognizer.
    package func recognized(
        audioSeconds: Double,
        inferenceSeconds: Double,
        finalizeSeconds: Double?,
        stageMilliseconds: [String: Double],
        model: String
    ) {
        count(Self.soundHeard, [model], by: audioSeconds)
        count(Self.recognitionSeconds, [model], by: inferenceSeconds)
        if audioSeconds > 0 { record(inferenceSeconds / audioSeconds, Self.recognitionFactor, [model]) }
        if let finalizeSeconds { record(finalizeSeconds, Self.finalize, [model]) }
        stages(stageMilliseconds, model: model)
    }

    /// The first partial of an utterance was sent.
    ///
    /// - Parameter seconds: since its first sample came.
    package func firstPartial(seconds: Double) { record(seconds, Self.firstPartial, []) }

    /// Work was cancelled, and has stopped.
    ///
    /// - Parameters:
    ///   - kind: what it was: `tts`, `asr`, `stream`.
    ///   - seconds: from the cancellation to the stop.
    package func cancelled(_ kind: String, stoppedAfter seconds: Double) {
        record(seconds, Self.cancellationSeconds, [kind])
    }

    /// A WebSocket was closed.
    ///
    /// - Parameter code: close code; 1006 where the peer vanished without one.
    package func socketClosed(code: UInt16) { count(Self.streamCloses, [String(code)]) }

    /// A request got its turn.
    func admitted(kind: String, waitSeconds: Double) { record(waitSeconds, Self.queueWait, [kind]) }

    /// A request got no turn.
    func refused(kind: String, code: String) { count(Self.queueRefusals, [code, kind]) }

    private func stages(_ milliseconds: [String: Double], model: String) {
        for (stage, spent) in milliseconds { record(spent / 1000, Self.stageSeconds, [model, stage]) }
    }

    func count(_ definition: MetricDefinition, _ values: [String], by amount: Double = 1) {
        let labels = Array(zip(definition.labels, values))
        FloatingPointCounter(label: definition.name, dimensions: labels, factory: factory).increment(by: amount)
    }

    func record(_ value: Double, _ definition: MetricDefinition, _ values: [String]) {
        let labels = Array(zip(definition.labels, values))
        Recorder(label: definition.name, dimensions: labels, aggregate: true, factory: factory).record(value)
    }
}
