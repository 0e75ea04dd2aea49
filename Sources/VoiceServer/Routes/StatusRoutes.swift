import Conversation
import HTTPTypes
import Hummingbird
import Inference
import Speech
import Transport

/// `/health`, `/livez`, `/readyz` and `/mode`.
extension SpeechService {
    var statusRoutes: [Route] {
        func operation(_ summary: String, _ schema: String) -> Operation {
            Operation(summary, tag: "status", responses: [200: Operation.answer(summary, schema)])
        }
        var ready = operation("Ready: a recent inference succeeded.", "Readiness").open
        ready.responses[503] = Operation.answer("Not ready, and why.", "Readiness")
        return [
            Route(.get, "/health", operation("What is loaded.", "Health").open) { _, _ in Response(json: health) },
            Route(.get, "/livez", operation("The process answers.", "Status").open) { _, _ in
                Response(json: ["status": "ok"])
            },
            Route(.get, "/readyz", ready) { _, _ in readyz },
            Route(.get, "/mode", operation("Which skills run beside each other.", "Mode")) { _, _ in
                Response(json: mode)
            },
        ]
    }

    /// 200 whatever happened: clients of the system this one replaces read the members.
    private var health: JSON {
        let verdict = readiness.verdict
        let (recognition, synthesis) = (catalog.recognition.model, catalog.synthesis.model)
        var members: [String: JSON] = [
            "status": .string(Self.status(verdict)),
            "degraded": .bool(verdict.isDegraded),
            "reasons": JSON(verdict.reasons + (verdict.shortcomings.isEmpty ? [] : ["incomplete"])),
            "details": .object(verdict.details),
            "version": .string(version),
            "board": .string(accelerator.board.id),
            "simulated": .bool(accelerator.isSimulated),
            "uptime": .rounded((.now - started) / .seconds(1)),
            "mode": JSON(modeName),
            "tts": .bool(synthesis != nil),
            "tts_backend": JSON(synthesis?.family),
            "streaming_tts": .bool(synthesis != nil),
            "tts_capabilities": JSON(synthesis?.capabilities ?? []),
            "asr": .bool(recognition != nil),
            "asr_backend": JSON(recognition?.family),
            "streaming_asr": .bool(recognition != nil),
            "asr_capabilities": JSON(recognition?.capabilities ?? []),
            "audio_llm": false,
            "audio_llm_backend": .null,
            "llm": chat.wire,
        ]
        if let synthesis {
            members["tts_info"] = [
                "backend": .string(synthesis.family), "model_id": .string(synthesis.id), "ready": true,
                "sample_rate": .integer(synthesis.synthesizer.sampleRate), "channels": 1, "supports_streaming": true,
            ]
        }
        return .object(members)
    }

    private static func status(_ verdict: Readiness.Verdict) -> String {
        if verdict.isReady { return verdict.isDegraded ? "degraded" : "ok" }
        if verdict.reasons.contains("disabled") { return "disabled" }
        return verdict.isDegraded ? "degraded" : "loading"
    }

    private var readyz: Response {
        let verdict = readiness.verdict
        guard !verdict.isReady else {
            return Response(json: ["status": "ready", "reasons": [], "details": .object(verdict.details)])
        }
        let headers: HTTPFields = verdict.reasons.contains("loading") ? [.retryAfter: "2"] : [:]
        let body: JSON = [
            "status": "not_ready", "reasons": JSON(verdict.reasons), "details": .object(verdict.details),
            "code": "not_ready", "error": .string("not ready: \(verdict.reasons.joined(separator: ", "))"),
        ]
        return Response(.serviceUnavailable, json: body, headers: headers)
    }

    /// The plan that the enabled skills amount to.
    private var modeName: String? {
        switch (catalog.isEnabled(.recognition), catalog.isEnabled(.synthesis)) {
        case (true, true): "custom"
        case (true, false): "asr_only"
        case (false, true): "tts_only"
        case (false, false): nil
        }
    }

    private var mode: JSON {
        func engine(_ backend: String?, _ id: String?) -> JSON {
            guard let backend, let id else { return .null }
            return ["backend": .string(backend), "provider": .string(accelerator.provider(of: id))]
        }
        let (recognition, synthesis) = (catalog.recognition.model, catalog.synthesis.model)
        let plan: JSON =
            modeName.map { name in
                [
                    "mode": .string(name), "parallel": true,
                    "asr": engine(recognition?.family, recognition?.id),
                    "tts": engine(synthesis?.family, synthesis?.id),
                ]
            } ?? .null
        return ["mode": JSON(modeName), "plan": plan, "available_modes": ["asr_only", "tts_only", "custom"]]
    }
}

extension Readiness.Verdict {
    /// Something is broken or missing, as opposed to on its way or switched off.
    var isDegraded: Bool {
        !shortcomings.isEmpty || !Set(reasons).isDisjoint(with: ["failed", "canary_failed", "npu_hung"])
    }
}

extension SpeechCatalog {
    func isEnabled(_ skill: Readiness.Skill) -> Bool {
        if case .disabled = standing(skill) { false } else { true }
    }
}
