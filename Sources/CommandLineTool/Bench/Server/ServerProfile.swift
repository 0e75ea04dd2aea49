import Speech
import VoiceServer

/// What a server says of itself.
struct ServerProfile: Encodable {
    var url: String
    /// Whether it runs in this process, for this measurement alone.
    var isStartedHere: Bool
    var version: String
    /// Id of the recognizer; nil where it has none.
    var recognizer: String?
    var recognizerLanguages: [String]
    /// Id of the voice; nil where it has none.
    var voice: String?
    var voiceLanguages: [String]
    /// The board whose NPU it simulates: its figures are of no board.
    var simulated: String?

    /// Asks the server.
    /// - Parameters:
    ///   - client: of that server.
    ///   - isStartedHere: whether it runs in this process.
    /// - Throws: ``CommandError`` when nobody answers, it is another kind of server, or not ready.
    init(_ client: ServerClient, isStartedHere: Bool = false) async throws {
        let told = try await Self.capabilities(client)
        url = client.address.url
        self.isStartedHere = isStartedHere
        version = told.answer["version"]?.text ?? "of unknown version"
        recognizer = told.answer["asr"]?["model_id"]?.text
        recognizerLanguages = told.answer["asr"]?["languages"]?.texts ?? []
        voice = told.answer["tts"]?["model_id"]?.text
        voiceLanguages = told.answer["tts"]?["languages"]?.texts ?? []
        simulated = told.simulated
        guard recognizer == nil || voice == nil else { return }
        try await Self.checkLoaded(client)
        guard recognizer != nil || voice != nil else {
            throw CommandError(.unavailable, "\(url) has neither a recognizer nor a voice: there is nothing to measure")
        }
    }

    /// Whether it speaks a language.
    func speaks(_ language: String) -> Bool { voice != nil && Self.names(voiceLanguages, language) }

    /// Whether it understands a language.
    func understands(_ language: String) -> Bool { recognizer != nil && Self.names(recognizerLanguages, language) }

    /// Whether a tag is one of a language, whatever its region: `en-US` is English.
    private static func names(_ tags: [String], _ language: String) -> Bool {
        tags.contains { $0.split(separator: "-").first.map(String.init) == language }
    }

    private static func capabilities(_ client: ServerClient) async throws -> (answer: JSON, simulated: String?) {
        let answer = try await client.get("/capabilities")
        let told = try? JSONReader.read(answer.body)
        // A server of this family says why it refuses; any other may say what it likes.
        if answer.status != 200, told?["code"]?.text != nil, answer.status != 404 {
            throw ServerFault("GET /capabilities", status: answer.status, told: told)
        }
        guard answer.status == 200, let told, told["object"]?.text == "capabilities" else {
            throw CommandError(
                .usage,
                "\(client.address.url) is no server of rkvoice: GET /capabilities gives \(answer.status)"
                    + (answer.status == 200 ? " and something else" : "")
            )
        }
        return (told, answer.simulated)
    }

    /// A half that is missing may be on its way.
    private static func checkLoaded(_ client: ServerClient) async throws {
        let answer = try await client.get("/readyz")
        guard answer.status != 200, let told = try? JSONReader.read(answer.body),
            told["reasons"]?.texts.contains("loading") == true
        else { return }
        throw CommandError(.temporary, "\(client.address.url) is still loading its models; try again in a while")
    }
}
