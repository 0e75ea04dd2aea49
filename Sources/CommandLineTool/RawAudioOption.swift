import ArgumentParser
import SpeechSignal

/// `--raw`: audio without a container.
struct RawAudioOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The audio has no header: RATE:CHANNELS:ENCODING, such as 16000:1:s16le.",
            discussion: """
                ENCODING is u8, s16le, s24le, s32le, f32le, f64le, alaw or mulaw. One channel of s16le where they are
                left out.
                """,
            valueName: "layout"
        ),
        transform: Self.layout
    )
    var raw: RawAudio?

    /// Errors as the parser of arguments shows them.
    private static func layout(_ text: String) throws -> RawAudio {
        do throws(AudioError) { return try RawAudio(text) } catch { throw ValidationError(error.message) }
    }
}
