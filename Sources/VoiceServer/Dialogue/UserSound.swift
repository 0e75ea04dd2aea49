import NIOCore
import Speech
import SpeechSignal

/// Binary frames of a user's sound into chunks for a recognizer.
struct UserSound {
    /// Rates a client may send, in Hz.
    static let sampleRates = 8_000...48_000

    /// Hz of what the client sends, and of what the recognizer hears.
    let rates: (client: Int, model: Int)
    /// Made with the first sound: an idle dialogue holds no filter.
    private var resampler: Resampler?
    private var position = 0

    init(from client: Int, to model: Int) { rates = (client, model) }

    /// - Parameter bytes: 16-bit little-endian mono samples.
    /// - Returns: nil where the filter holds all of it back.
    /// - Throws: ``ListenFault`` `odd_length`, after which the stream cannot go on: half a sample shifts all others.
    mutating func chunk(_ bytes: ByteBuffer) throws(ListenFault) -> AudioChunk? {
        guard bytes.readableBytes.isMultiple(of: 2) else {
            let message = "a binary frame holds whole 16-bit samples; this one has \(bytes.readableBytes) bytes"
            throw ListenFault("odd_length", message, closing: 1007)
        }
        let samples = PCM16.decode(Array(bytes.readableBytesView))
        guard rates.client != rates.model else { return chunk(of: samples) }
        do throws(AudioError) {
            if resampler == nil { resampler = try Resampler(from: rates.client, to: rates.model) }
            return resampler.flatMap { chunk(of: $0.process(samples)) }
        } catch {
            throw ListenFault("unsupported", error.message, closing: 1007)
        }
    }

    /// What the filter still holds belongs to the utterance that ends here.
    mutating func finish() -> AudioChunk? {
        guard let resampler else { return nil }
        self.resampler = nil
        return chunk(of: resampler.finish())
    }

    private mutating func chunk(of samples: [Float]) -> AudioChunk? {
        guard !samples.isEmpty else { return nil }
        defer { position += samples.count }
        return AudioChunk(samples: samples, sampleRate: rates.model, position: position)
    }
}
