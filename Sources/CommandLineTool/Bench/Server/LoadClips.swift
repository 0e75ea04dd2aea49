/// What a server is given to hear, and what had to be left out.
struct LoadClips {
    /// Given as files.
    private(set) var files: [SpokenClip] = []
    /// Said to it at the pace of real time.
    private(set) var spoken: [SpokenClip] = []
    /// One sentence for each.
    private(set) var leftOut: [String] = []

    /// Each once.
    var all: [SpokenClip] { files + spoken.filter { clip in !files.contains { $0.text == clip.text } } }

    /// - Parameters:
    ///   - client: of the server.
    ///   - server: what it has.
    ///   - set: folder with recordings; nil lets the server's own voice speak.
    /// - Throws: what speaking or reading them throws.
    init(_ client: ServerClient, _ server: ServerProfile, set: String?) async throws {
        noteMissing(server)
        guard server.recognizer != nil else { return }
        if let set {
            spoken = try await SpokenClip.recorded(set, for: server)
            files = spoken
            return
        }
        guard server.voice != nil else {
            leftOut.append("recognition: there is no voice to speak to it; give recordings with --set")
            return
        }
        try await speak(client, server)
    }

    private mutating func noteMissing(_ server: ServerProfile) {
        if server.recognizer == nil { leftOut.append("recognition, voice to voice: the server has no recognizer") }
        if server.voice == nil { leftOut.append("first sound, RTF of /tts, voice to voice: the server has no voice") }
        if server.voice != nil, !server.speaks("en") {
            leftOut.append("first sound, RTF of /tts: the voice speaks no English")
        }
    }

    private mutating func speak(_ client: ServerClient, _ server: ServerProfile) async throws {
        func shares(_ language: String) -> Bool { server.speaks(language) && server.understands(language) }
        if shares("en") {
            let sentences = shares("zh") ? Array(LoadTexts.english.prefix(2)) : LoadTexts.english
            for text in sentences { spoken.append(try await .spoken(text, "en", by: client)) }
            files = [try await .spoken(LoadTexts.long, "en", by: client)]
        }
        if shares("zh") {
            for text in LoadTexts.chinese { spoken.append(try await .spoken(text, "zh", by: client)) }
            if files.isEmpty { files = spoken }
        } else {
            leftOut.append("the two Chinese sentences: Chinese is not both spoken and understood here")
        }
        if spoken.isEmpty {
            leftOut.append(
                "recognition, voice to voice: voice and recognizer share no English; give recordings with --set"
            )
        }
    }
}
