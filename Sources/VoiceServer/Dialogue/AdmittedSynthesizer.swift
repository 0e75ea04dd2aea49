import Speech
import Transport

/// A voice that waits for its turn to compute, chunk by chunk.
///
/// A dialogue speaks in real time and computes a fraction of it; between two chunks others may compute.
struct AdmittedSynthesizer: SpeechSynthesizer {
    let base: any SpeechSynthesizer
    let admission: AdmissionQueue
    /// Who it is that speaks (`TransportContext.client`).
    let client: String
    /// Told what each utterance cost that was spoken to its end.
    let onFinished: @Sendable (SynthesisMetrics) -> Void

    var sampleRate: Int { base.sampleRate }
    var voices: [Voice] { base.voices }

    func speech(for utterance: Utterance) -> Speech { Speech(voice: self, utterance: utterance) }

    struct Speech: AsyncSequence, Sendable {
        typealias Element = SpeechEvent
        typealias Failure = SpeechError

        let voice: AdmittedSynthesizer
        let utterance: Utterance

        func makeAsyncIterator() -> Iterator {
            Iterator(voice: voice, speech: voice.base.speech(for: utterance).makeAsyncIterator())
        }
    }

    struct Iterator: AsyncIteratorProtocol {
        let voice: AdmittedSynthesizer
        var speech: any AsyncIteratorProtocol<SpeechEvent, SpeechError>

        mutating func next() async throws(SpeechError) -> SpeechEvent? { try await next(isolation: #isolation) }

        mutating func next(isolation actor: isolated (any Actor)?) async throws(SpeechError) -> SpeechEvent? {
            let turn = try await voice.turn()
            defer { turn.release() }
            // A copy, because an existential cannot be mutated in place across a suspension.
            var speech = speech
            let event = try await speech.next(isolation: actor)
            self.speech = speech
            if case .finished(let cost) = event { voice.onFinished(cost) }
            return event
        }
    }

    fileprivate func turn() async throws(SpeechError) -> AdmissionTurn {
        do {
            return try await admission.turn(kind: "dialogue", client: client)
        } catch let failure as HTTPFailure {
            throw SpeechError(.overloaded, failure.message, cause: failure)
        } catch {
            throw SpeechError(.cancelled, "cancelled", cause: error)
        }
    }
}
