import Foundation
import Metrics
import Speech
import Telemetry
import Testing
import VoiceServer

@Suite struct ServerMetricsTests {
    let registry = PrometheusRegistry()

    @Test func everyMethodIsSeenInTheExposition() {
        let metrics = ServerMetrics(registry: registry)
        metrics.requestFinished(route: "/tts", method: "POST", status: 200, seconds: 0.2)
        metrics.failed(code: "invalid_parameter")
        let cost = SynthesisMetrics(
            duration: 4,
            inferenceTime: 0.5,
            timeToFirstAudio: 0.1,
            stageMilliseconds: ["decoder": 300]
        )
        metrics.synthesized(cost, model: "amy", firstAudioSeconds: 0.3)
        metrics.synthesized(cost, model: "amy", firstAudioSeconds: nil)
        metrics.recognized(
            audioSeconds: 10,
            inferenceSeconds: 2,
            finalizeSeconds: 0.125,
            stageMilliseconds: ["encoder": 1500],
            model: "base"
        )
        metrics.firstPartial(seconds: 0.6)
        metrics.cancelled("tts", stoppedAfter: 0.05)
        metrics.socketClosed(code: 1001)
        metrics.streams.increment()
        metrics.streams.increment()
        metrics.streams.decrement()
        let lines = registry.render().split(separator: "\n")
        for line in Self.shown { #expect(lines.contains(Substring(line)), "\(line) is missing") }
    }

    /// What the calls above are to be seen as.
    private static let shown = [
        #"rkvoice_requests_total{method="POST",route="/tts",status="200"} 1"#,
        #"rkvoice_request_seconds_bucket{method="POST",route="/tts",le="0.25"} 1"#,
        #"rkvoice_errors_total{code="invalid_parameter"} 1"#,
        #"rkvoice_tts_first_audio_seconds_bucket{model="amy",le="0.1"} 1"#,
        #"rkvoice_tts_first_audio_seconds_sum{model="amy"} 0.4"#,
        #"rkvoice_tts_rtf_sum{model="amy"} 0.25"#,
        #"rkvoice_tts_audio_seconds_total{model="amy"} 8"#,
        #"rkvoice_tts_inference_seconds_total{model="amy"} 1"#,
        #"rkvoice_stage_seconds_count{model="amy",stage="decoder"} 2"#,
        #"rkvoice_asr_audio_seconds_total{model="base"} 10"#,
        #"rkvoice_asr_inference_seconds_total{model="base"} 2"#,
        #"rkvoice_asr_rtf_bucket{model="base",le="0.2"} 1"#,
        #"rkvoice_asr_finalize_seconds_sum{model="base"} 0.125"#,
        #"rkvoice_stage_seconds_sum{model="base",stage="encoder"} 1.5"#,
        "rkvoice_asr_first_partial_seconds_sum 0.6",
        #"rkvoice_cancellation_seconds_sum{kind="tts"} 0.05"#,
        #"rkvoice_websocket_closes_total{code="1001"} 1"#,
        "rkvoice_active_streams 1",
    ]

    @Test func audioOfNoLengthSpoilsNothing() {
        let metrics = ServerMetrics(registry: registry)
        metrics.synthesized(SynthesisMetrics(), model: "amy", firstAudioSeconds: nil)
        metrics.recognized(
            audioSeconds: 0,
            inferenceSeconds: 0.1,
            finalizeSeconds: nil,
            stageMilliseconds: [:],
            model: "base"
        )
        let text = registry.render()
        #expect(!text.contains("rkvoice_tts_rtf_count"))
        #expect(!text.contains("rkvoice_asr_rtf_count"))
        #expect(!text.contains("NaN"))
    }

    /// docs/metrics.md and the code say the same.
    @Test func theDocumentListsEveryMetric() throws {
        let overflow = MetricDefinition(
            .counter,
            "telemetry_overflow_total",
            "Samples counted under the label value other, because their metric has too many series.",
            labels: ["metric"]
        )
        let definitions = ServerMetrics.definitions + ProcessStatistics.definitions + [overflow]
        let rows = definitions.map { definition in
            let labels = definition.labels.map { "`\($0)`" }.joined(separator: ", ")
            return "| `\(definition.name)` | \(definition.kind.rawValue) | \(labels) | \(definition.help) |"
        }
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let document = try String(contentsOf: root.appendingPathComponent("docs/metrics.md"), encoding: .utf8)
        let table = document.split(separator: "\n").filter { $0.hasPrefix("| `") }.map(String.init)
        #expect(table == rows, "the table should be:\n\(rows.joined(separator: "\n"))")
    }
}

@Suite struct ServerTimingTests {
    @Test func showsTheQueueThenTheStagesByName() {
        let timing = ServerTiming(queueSeconds: 0.0012, stageMilliseconds: ["tts": 180.44, "decoder": 120])
        #expect(timing.header == "queue;dur=1.2, decoder;dur=120, tts;dur=180.4")
    }

    @Test func leavesOutWhatIsNoNumberAndMakesNamesTokens() {
        var timing = ServerTiming()
        #expect(timing.header == nil)
        timing.add("first audio", milliseconds: 12)
        timing.add("broken", milliseconds: .nan)
        timing.add("", milliseconds: 1)
        timing.add("é;x\r\n", milliseconds: 0.04)
        #expect(timing.header == "first-audio;dur=12, --x--;dur=0")
    }
}
