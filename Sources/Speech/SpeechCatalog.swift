import Synchronization

/// The models a service offers, and how far their loading is.
package final class SpeechCatalog: Sendable {
    /// Where one model stands.
    package enum Slot<Model: Sendable>: Sendable {
        /// Nothing is offered here.
        case disabled
        /// On its way: what is being done, and how much of it in [0, 1] where that is known.
        case loading(step: String, fraction: Double?)
        case ready(Model)
        /// It cannot be loaded; the error says why and what to do.
        case failed(SpeechError)

        /// The model, once it is ready.
        package var model: Model? { if case .ready(let model) = self { model } else { nil } }
    }

    /// A loaded recognizer.
    package struct Recognition: Sendable {
        /// Id in the model catalog.
        package var id: String
        /// Model family, such as `whisper`.
        package var family: String
        /// Hears whole files: long windows, the least work.
        package var offline: any SpeechRecognizer
        /// Hears live streams: partial texts, an utterance ends at a pause.
        package var streaming: any SpeechRecognizer

        package init(id: String, family: String, offline: any SpeechRecognizer, streaming: any SpeechRecognizer) {
            self.id = id
            self.family = family
            self.offline = offline
            self.streaming = streaming
        }
    }

    /// A loaded voice.
    package struct Synthesis: Sendable {
        /// Id in the model catalog.
        package var id: String
        /// Model family, such as `piper`.
        package var family: String
        package var synthesizer: any SpeechSynthesizer
        /// What was asked for and is not there, one sentence each; empty when all of it is.
        package var shortcomings: [String] = []

        package init(id: String, family: String, synthesizer: any SpeechSynthesizer) {
            self.id = id
            self.family = family
            self.synthesizer = synthesizer
        }
    }

    private let slots: Mutex<(Slot<Recognition>, Slot<Synthesis>)>

    /// - Parameters:
    ///   - recognition: where the recognizer stands.
    ///   - synthesis: where the voice stands.
    package init(recognition: Slot<Recognition> = .disabled, synthesis: Slot<Synthesis> = .disabled) {
        slots = Mutex((recognition, synthesis))
    }

    /// Where the recognizer stands.
    package var recognition: Slot<Recognition> {
        get { slots.withLock { $0.0 } }
        set { slots.withLock { $0.0 = newValue } }
    }

    /// Where the voice stands.
    package var synthesis: Slot<Synthesis> {
        get { slots.withLock { $0.1 } }
        set { slots.withLock { $0.1 = newValue } }
    }
}
