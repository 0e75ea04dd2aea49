package import Speech
package import SpeechModels

/// A recognizer's model of any family, as it was loaded.
package enum RecognizerModel: Sendable {
    /// It hears utterances.
    case utterances(any UtteranceRecognizer)
    /// It hears streams.
    case chunks(ParaformerChunks)

    /// The model as one that hears utterances: every family does.
    package var utterances: any UtteranceRecognizer {
        switch self {
        case .utterances(let model): model
        case .chunks(let model): model
        }
    }

    /// What hears whole files, in which the detector finds speech.
    package func offline(_ detector: SileroDetector) -> any SpeechRecognizer { utterances.segmented(by: detector) }

    /// What hears live streams, in which the detector finds speech.
    package func streaming(_ detector: SileroDetector) -> any SpeechRecognizer {
        switch self {
        case .utterances(let model): model.repeated(by: detector)
        case .chunks(let model): ParaformerRecognizer(detector: detector, model: model)
        }
    }
}

extension UtteranceRecognizer {
    fileprivate func segmented(by detector: SileroDetector) -> any SpeechRecognizer {
        SegmentedRecognizer(detector: detector, model: self)
    }

    fileprivate func repeated(by detector: SileroDetector) -> any SpeechRecognizer {
        StreamingRecognizer(detector: detector, model: self)
    }
}
