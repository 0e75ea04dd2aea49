import Foundation
import Inference
import ModelStore
import Runtimes
import SpeechSignal
import SpeechText

/// What the program needs besides the board: its libraries and its phoneme process.
extension Doctor {
    func onnxFinding() async -> Finding {
        do throws(InferenceError) {
            let library = try await ModelLoader(settings).onnxLibrary()
            return Finding(.onnx, .ok, "\(library.version) from \(place(library.path))")
        } catch {
            if settings.onnxRuntimePath != nil {
                return Finding(.onnx, .fail, place(error.description), fix: "unset RKVOICE_ONNXRUNTIME, or correct it")
            }
            let pull = "rkvoice models pull onnxruntime"
            let isInstalled =
                (try? settings.modelStore())?.list().contains { $0.kind == .runtime && $0.isUsable } ?? false
            guard isInstalled || isOffline else {
                let message = "not installed yet: the first say, transcribe or serve downloads it"
                return Finding(.onnx, .warn, message, fix: pull)
            }
            return Finding(.onnx, .fail, place(error.description), fix: pull)
        }
    }

    func espeakFinding() async -> Finding {
        let path = ModelLoader(settings).espeakPath
        do throws(PhonemeError) {
            return Finding(.espeak, .ok, "espeak-ng \(try await EspeakPhonemizer(executable: path).start())")
        } catch {
            return Finding(
                .espeak,
                .fail,
                place("\(error)"),
                fix: "sudo apt install libespeak-ng1 espeak-ng-data, and keep rkvoice-espeak beside rkvoice"
            )
        }
    }

    /// Each format is written and read again.
    func codecFinding() async -> Finding {
        let pool = BlockingPool(label: "rkvoice.codecs")
        let formats: [AudioFormat] = [.wav, .flac, .mp3, .opus]
        let missing = await withTaskExecutorPreference(pool) { formats.filter { !Self.works($0) } }
        guard missing.isEmpty else {
            return Finding(
                .codecs,
                .warn,
                "not written or read here: \(missing.map(\.rawValue).joined(separator: ", "))",
                fix: "install libsndfile 1.1 or later (Debian 12: sudo apt install libsndfile1)"
            )
        }
        return Finding(.codecs, .ok, "WAV, FLAC, MP3 and Opus are written and read")
    }

    /// A quarter of a second at 24 kHz, there and back.
    private static func works(_ format: AudioFormat) -> Bool {
        do throws(AudioError) {
            let encoder = try AudioEncoder(format, sampleRate: 24_000, isStreaming: false)
            let tone = (0..<6_000).map { Float(sin(Double($0) * 0.1)) * 0.5 }
            let bytes = try encoder.encode(tone) + encoder.finish()
            let samples = try AudioReader(bytes: bytes).read(frames: 1_000)
            return samples?.isEmpty == false
        } catch { return false }
    }

    /// A text with the home as the name of its variable.
    func place(_ text: String) -> String { text.replacing(settings.home, with: "$RKVOICE_HOME") }
}
