/// What is wrong with a piece of audio, or with the file it is read from or written to.
package struct AudioError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of trouble a caller may treat differently.
    package enum Code: String, Sendable, CaseIterable {
        /// There is no sound in it: no bytes, or a header without samples.
        case empty
        /// The file cannot be opened, or is damaged.
        case unreadable
        /// The bytes are not audio, or audio of a kind that is not decoded here.
        case unsupportedFormat
        /// The file ends before its first sample.
        case truncated
        /// More than ``AudioLimits/channels`` channels.
        case tooManyChannels
        /// A sample rate outside ``AudioLimits/sampleRates``.
        case badSampleRate
        /// More sound or more bytes than the caller or the format allows.
        case tooLong
        /// Reading or writing failed in the operating system.
        case io
    }

    /// The kind of trouble.
    package var code: Code
    /// One line: what is wrong, and what to do about it.
    package var message: String

    /// An error of the given kind.
    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message alone: the code is for programs.
    package var description: String { message }
}

/// What is accepted from outside, whatever a header claims.
package enum AudioLimits {
    /// Channels per frame: 7.1 surround. More is a lying header or a multitrack file to be mixed first.
    package static let channels = 8
    /// Frames per second: from the telephone to studio converters.
    package static let sampleRates = 8_000...192_000
    /// Bytes of a pipe held in memory when its container needs seeking (everything but WAV).
    package static let spooledBytes = 512 << 20
}
