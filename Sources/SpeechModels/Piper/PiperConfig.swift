/// What a Piper bundle says of its voice.
struct PiperConfig: Decodable, Sendable {
    /// Voice name of espeak-ng, such as `en-us`.
    var espeakVoice: String
    /// What the voice is called where it has one speaker; nil takes the name of the bundle.
    var voice: String?
    /// Ids of one run of the encoder at most; nil takes what the graph is made for.
    var sequence: Int?
    /// Samples per latent frame.
    var hopLength: Int
    /// Channels of the latent `z`.
    var latentChannels: Int
    /// Frames of context that the decoder needs on each side. Measured for HiFi-GAN's receptive field: 10 frames
    /// leave 2e-6, 8 leave 2e-3. With the flow inside: 42 frames leave 6e-9, 24 leave 9e-5.
    var overlap: Int
    /// Standard deviation of the prior's noise.
    var noiseScale: Float
    /// Relative length of every phoneme; 1 is the voice's own pace.
    var lengthScale: Float
    /// Standard deviation of the duration predictor's noise.
    var noiseW: Float
    var speakers: Int
    /// Speaker name → number, for voices with several.
    var speakerIDs: [String: Int]
    /// Phoneme → ids.
    var phonemeIDs: [String: [Int]]
}
